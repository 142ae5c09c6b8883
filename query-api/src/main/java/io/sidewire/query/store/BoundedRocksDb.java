package io.sidewire.query.store;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** Keeps all stores of this JVM within one block cache, write buffers, index and filter blocks included. */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** Bytes in all; the first store to open decides. */
  static final String MEMORY = "sidewire.rocksdb.memory";

  private static final long SMALLEST = 8L << 20;
  private static final double INDEX_SHARE = 0.1;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int METADATA_BLOCK_BYTES = 4 << 10;

  private static Cache cache;
  private static WriteBufferManager writeBuffers;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    share(configs);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(cache);
    table.setBlockSize(BLOCK_BYTES);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    table.setFilterPolicy(new BloomFilter());
    // Index and filters of millions of rows are larger than the cache: in parts, a lookup reads
    // only its own.
    table.setIndexType(IndexType.kTwoLevelIndexSearch);
    table.setPartitionFilters(true);
    table.setMetadataBlockSize(METADATA_BLOCK_BYTES);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(writeBuffers);
    options.setWriteBufferSize(4L << 20);
    options.setMaxWriteBufferNumber(2);
    options.setMaxOpenFiles(256);
    // Rows of one kind repeat names, and their sketches are mostly zeros.
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  private static synchronized void share(Map<String, Object> configs) {
    if (cache == null) {
      Object setting = configs.get(MEMORY);
      long bytes =
          Math.max(SMALLEST, setting == null ? SMALLEST : Long.parseLong(setting.toString()));
      RocksDB.loadLibrary();
      cache = new LRUCache(bytes, -1, false, INDEX_SHARE);
      writeBuffers = new WriteBufferManager(bytes / 2, cache);
    }
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the write buffers belong to the JVM, not to a store.
  }
}

package io.sidewire.query.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The read model: where it lies, how long and how much it keeps, how far one query may look. */
@ConfigMapping(prefix = "sidewire.query")
public interface QueryConfig {
  /** Name of this replica; each one has its own state. Default: the machine's host name. */
  Optional<String> instance();

  /** Folder of the stores; not the temporary folder, or each restart reads all topics again. */
  @WithDefault("${user.home}/.sidewire/query")
  Path stateDir();

  /** How long rows are kept after they arrived. */
  @WithDefault("P7D")
  Duration retention();

  /** How long interactions are kept after they arrived. */
  @WithDefault("P30D")
  Duration interactionRetention();

  /** Most bytes of all rows together; the oldest go first. */
  @WithDefault("1G")
  MemorySize maxBytes();

  /** Memory of RocksDB in this JVM, block cache and write buffers together. */
  @WithDefault("24M")
  MemorySize rocksdbMemory();

  /** Rules file, for the titles and colours of flow types of one's own. */
  Optional<Path> rulesFile();

  /** Most rows that one page of a list looks at; the page then ends early, with a cursor. */
  @WithDefault("200000")
  int scanRows();

  /** Queries worked on at once; further ones wait for a moment, then are answered 503. */
  @WithDefault("8")
  int concurrency();

  /** Longest time that one query reads; past it a list ends early, and a sum is refused. */
  @WithDefault("PT1.5S")
  Duration patience();

  /** Sums of buckets kept in memory, of each kind (traffic by flow type, who had it, what was lost). */
  @WithDefault("20000")
  int cachedSums();
}

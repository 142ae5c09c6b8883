package io.sidewire.standalone.decode;

import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.Exchange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The exchanges of a file in their last revision, in the order in which they were first told. */
final class ToldExchanges {
  /*
   * While its flow goes on, a row is kept as it is: it is live, and in the end it is its last revision. Once the flow is
   * over it becomes bytes in large pages, a fifth of the place and nothing that the collector looks at: a capture may have
   * a million of them. A table of hashes finds those again, for a row that is told once more after its flow was over.
   */
  private static final AvroSerde<Exchange> ENCODING = AvroSerde.of(Exchange.class);
  private static final int PAGE = 1 << 20;
  private static final int PAGE_BITS = 20;
  /** Rows of a flow that are looked through one by one. */
  private static final int FEW = 16;

  /** The rows of a flow that are live. */
  private static final class FlowRows {
    final List<String> ids = new ArrayList<>(4);
    int[] slots = new int[4];
    Map<String, Integer> index;

    int find(String id) {
      if (index != null) {
        return index.getOrDefault(id, -1);
      }
      for (int i = ids.size() - 1; i >= 0; i--) {
        if (ids.get(i).equals(id)) {
          return slots[i];
        }
      }
      return -1;
    }

    void add(String id, int slot) {
      if (ids.size() == slots.length) {
        slots = Arrays.copyOf(slots, slots.length * 2);
      }
      slots[ids.size()] = slot;
      ids.add(id);
      if (index != null) {
        index.put(id, slot);
      } else if (ids.size() > FEW) {
        index = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
          index.put(ids.get(i), slots[i]);
        }
      }
    }
  }

  private final Map<String, FlowRows> flows = new HashMap<>();
  private int count;
  private Exchange[] live = new Exchange[1024];
  /** Of a row that is not live: its page and where in it. */
  private long[] places = new long[1024];

  private final List<byte[]> pages = new ArrayList<>();
  private int pageEnd = PAGE;

  // Open addressing; 0: free, else the slot and 1.
  private int[] table = new int[4096];
  private int[] hashes = new int[4096];
  private int packed;

  /** Takes a row, which stays live until its flow is over. */
  void tell(Exchange row) {
    FlowRows rows = flows.get(row.getFlowId());
    if (rows == null) {
      rows = new FlowRows();
      flows.put(row.getFlowId(), rows);
    }
    String id = row.getExchangeId();
    int slot = rows.find(id);
    if (slot < 0) {
      slot = findPacked(id);
      if (slot < 0) {
        slot = count++;
        if (slot == live.length) {
          live = Arrays.copyOf(live, slot * 2);
          places = Arrays.copyOf(places, slot * 2);
        }
      }
      rows.add(id, slot);
    }
    live[slot] = row;
  }

  /** The flow is over: its rows will hardly change. */
  void flowOver(String flowId) {
    FlowRows rows = flows.remove(flowId);
    if (rows == null) {
      return;
    }
    for (int i = 0; i < rows.ids.size(); i++) {
      int slot = rows.slots[i];
      places[slot] = store(ENCODING.encode(live[slot]));
      live[slot] = null;
      if (findPacked(rows.ids.get(i)) < 0) {
        remember(rows.ids.get(i).hashCode(), slot);
      }
    }
  }

  /** Hands on all rows, and forgets them. */
  void drain(Consumer<Exchange> out) {
    for (int slot = 0; slot < count; slot++) {
      out.accept(live[slot] != null ? live[slot] : load(places[slot]));
    }
    flows.clear();
    pages.clear();
    pageEnd = PAGE;
    Arrays.fill(live, 0, count, null);
    Arrays.fill(table, 0);
    count = 0;
    packed = 0;
  }

  private long store(byte[] bytes) {
    int needed = Integer.BYTES + bytes.length;
    if (pageEnd + needed > PAGE) {
      pages.add(new byte[Math.max(PAGE, needed)]);
      pageEnd = 0;
    }
    ByteBuffer.wrap(pages.get(pages.size() - 1), pageEnd, needed)
        .putInt(bytes.length)
        .put(bytes);
    long place = (long) (pages.size() - 1) << PAGE_BITS | pageEnd;
    pageEnd += needed;
    return place;
  }

  private Exchange load(long place) {
    byte[] page = pages.get((int) (place >>> PAGE_BITS));
    int at = (int) place & (PAGE - 1);
    int length = ByteBuffer.wrap(page).getInt(at);
    return ENCODING.decode(
        Arrays.copyOfRange(page, at + Integer.BYTES, at + Integer.BYTES + length));
  }

  private int findPacked(String id) {
    int hash = id.hashCode();
    for (int i = start(hash); table[i] != 0; i = i + 1 & table.length - 1) {
      int slot = table[i] - 1;
      if (hashes[i] == hash && idOf(slot).equals(id)) {
        return slot;
      }
    }
    return -1;
  }

  private String idOf(int slot) {
    return (live[slot] != null ? live[slot] : load(places[slot])).getExchangeId();
  }

  private void remember(int hash, int slot) {
    if (++packed > table.length / 2) {
      int[] oldTable = table;
      int[] oldHashes = hashes;
      table = new int[oldTable.length * 2];
      hashes = new int[table.length];
      for (int i = 0; i < oldTable.length; i++) {
        if (oldTable[i] != 0) {
          insert(oldHashes[i], oldTable[i]);
        }
      }
    }
    insert(hash, slot + 1);
  }

  private void insert(int hash, int entry) {
    int i = start(hash);
    while (table[i] != 0) {
      i = i + 1 & table.length - 1;
    }
    table[i] = entry;
    hashes[i] = hash;
  }

  /** Ids of exchanges differ in their last digits alone: the low bits of their hashes are not spread. */
  private int start(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ mixed >>> 15) & table.length - 1;
  }
}

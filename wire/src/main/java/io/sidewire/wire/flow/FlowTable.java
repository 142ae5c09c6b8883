package io.sidewire.wire.flow;

/**
 * The flows that are tracked, found by {@link FlowKey} without allocation, and listed by how long they have been silent.
 */
final class FlowTable {
  /*
   * Open addressing with linear probing, at most half full; removal shifts the rest of the run back, so there are no
   * tombstones. Flows are linked, one list for each kind of silence, in the order of their last packets: the first of a
   * list is the one that times out next.
   */
  private Flow[] slots = new Flow[1 << 10];
  private int size;
  private final Flow[] oldest = new Flow[FlowTimeouts.KINDS];
  private final Flow[] newest = new Flow[FlowTimeouts.KINDS];

  int size() {
    return size;
  }

  Flow find(FlowKey key, long hash) {
    int mask = slots.length - 1;
    for (int i = (int) hash & mask; ; i = i + 1 & mask) {
      Flow flow = slots[i];
      if (flow == null || flow.hash == (int) hash && flow.is(key)) {
        return flow;
      }
    }
  }

  /** Adds a flow whose key is not in the table. */
  void add(Flow flow) {
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    place(flow);
    size++;
    append(flow, flow.silenceKind());
  }

  void remove(Flow flow) {
    unlink(flow);
    size--;
    int mask = slots.length - 1;
    int hole = flow.hash & mask;
    while (slots[hole] != flow) {
      hole = hole + 1 & mask;
    }
    for (int i = hole + 1 & mask; slots[i] != null; i = i + 1 & mask) {
      // A flow may move back to the hole unless its own place lies between the hole and where it
      // is.
      if ((i - (slots[i].hash & mask) & mask) >= (i - hole & mask)) {
        slots[hole] = slots[i];
        hole = i;
      }
    }
    slots[hole] = null;
  }

  /** The flow has just seen a packet. */
  void touch(Flow flow) {
    int kind = flow.silenceKind();
    if (flow.newer != null || kind != flow.silence) {
      unlink(flow);
      append(flow, kind);
    }
  }

  /** The flow of that kind which has been silent for longest; null: there is none. */
  Flow oldest(int kind) {
    return oldest[kind];
  }

  /**
   * The flow that is missed least; null: there is none. Closed connections come first, then those that nobody answered
   * (so that a flood of SYNs pushes out itself), then whichever has been silent for longest.
   */
  Flow leastMissed() {
    if (oldest[FlowTimeouts.CLOSED] != null) {
      return oldest[FlowTimeouts.CLOSED];
    }
    if (oldest[FlowTimeouts.UNANSWERED] != null) {
      return oldest[FlowTimeouts.UNANSWERED];
    }
    Flow datagrams = oldest[FlowTimeouts.DATAGRAMS];
    Flow open = oldest[FlowTimeouts.OPEN];
    if (datagrams == null || open == null) {
      return datagrams == null ? open : datagrams;
    }
    return datagrams.activity <= open.activity ? datagrams : open;
  }

  private void place(Flow flow) {
    int mask = slots.length - 1;
    int i = flow.hash & mask;
    while (slots[i] != null) {
      i = i + 1 & mask;
    }
    slots[i] = flow;
  }

  private void grow() {
    Flow[] before = slots;
    slots = new Flow[2 * before.length];
    for (Flow flow : before) {
      if (flow != null) {
        place(flow);
      }
    }
  }

  private void append(Flow flow, int kind) {
    flow.silence = (byte) kind;
    flow.newer = null;
    flow.older = newest[kind];
    if (flow.older == null) {
      oldest[kind] = flow;
    } else {
      flow.older.newer = flow;
    }
    newest[kind] = flow;
  }

  private void unlink(Flow flow) {
    if (flow.older == null) {
      oldest[flow.silence] = flow.newer;
    } else {
      flow.older.newer = flow.newer;
    }
    if (flow.newer == null) {
      newest[flow.silence] = flow.older;
    } else {
      flow.newer.older = flow.older;
    }
    flow.older = null;
    flow.newer = null;
  }
}

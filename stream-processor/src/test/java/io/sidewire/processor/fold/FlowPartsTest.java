package io.sidewire.processor.fold;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowPartsTest {
  private final Scope scope = Scope.alone("file:test", "e");

  @Test
  void partsOnTheHeapAreThoseUnderTextKeys() {
    compare(new String[] {null});
    compare(new String[] {"p", "s1", "s2", "s10"});
  }

  private void compare(String[] names) {
    var random = new Random(11);
    FlowParts<String> stored = new StoredParts<>(new MemoryMap<>());
    FlowParts<String> heap = new HeapParts<>();
    for (int i = 0; i < 5_000; i++) {
      var key = new PartKey(
          "0000" + random.nextInt(9), random.nextInt(30) - 1, names[random.nextInt(names.length)]);
      if (random.nextInt(3) == 0) {
        stored.remove(scope, key);
        heap.remove(scope, key);
      } else {
        stored.put(scope, key, "v" + i);
        heap.put(scope, key, "v" + i);
      }
      assertEquals(stored.get(scope, key), heap.get(scope, key));
      assertEquals(ofFlow(stored, key.flowId()), ofFlow(heap, key.flowId()));
    }
    assertEquals(all(stored), all(heap));
    heap.all(scope, (key, value) -> heap.remove(scope, key));
    stored.all(scope, (key, value) -> stored.remove(scope, key));
    assertEquals(List.of(), all(heap));
    assertEquals(List.of(), all(stored));
  }

  private List<String> ofFlow(FlowParts<String> parts, String flowId) {
    var out = new ArrayList<String>();
    parts.ofFlow(scope, flowId, (key, value) -> out.add(key + "=" + value));
    return out;
  }

  private List<String> all(FlowParts<String> parts) {
    var out = new ArrayList<String>();
    parts.all(scope, (key, value) -> out.add(key + "=" + value));
    return out;
  }
}

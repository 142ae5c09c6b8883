package io.sidewire.wire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Limits;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowTableTest {
  private static final FlowContext SHARED =
      new FlowContext(null, Limits.DEFAULT, Decryption.off(), null);

  /** Against a map, with hashes that collide. */
  @Test
  void findsWhatWasAddedAndNotRemoved() {
    for (int bits : new int[] {2, 6, 30}) {
      Random random = new Random(bits);
      FlowTable table = new FlowTable();
      Map<Integer, Flow> model = new HashMap<>();
      FlowKey key = new FlowKey();
      for (int i = 0; i < 20_000; i++) {
        int port = random.nextInt(600);
        key.portA = port;
        long hash = FlowKey.mix(port) & (1L << bits) - 1;
        Flow found = table.find(key, hash);
        assertThat(found).isSameAs(model.get(port));
        if (found == null) {
          Flow flow = new Flow(SHARED, key, hash, i, 0, i);
          table.add(flow);
          model.put(port, flow);
        } else if (random.nextBoolean()) {
          table.remove(found);
          model.remove(port);
        } else {
          table.touch(found);
        }
        assertThat(table.size()).isEqualTo(model.size());
        if (i % 1000 == 0) {
          model.forEach((p, flow) -> assertThat(flow.portA).isEqualTo(p));
        }
      }
    }
  }

  @Test
  void listsFlowsInTheOrderOfTheirLastPackets() {
    Random random = new Random(3);
    FlowTable table = new FlowTable();
    List<Flow> model = new ArrayList<>();
    FlowKey key = new FlowKey();
    for (int i = 0; i < 5_000; i++) {
      if (model.size() < 2 || random.nextInt(4) == 0) {
        key.portA = i;
        Flow flow = new Flow(SHARED, key, i, i, 0, i);
        table.add(flow);
        model.add(flow);
      } else {
        Flow flow = model.remove(random.nextInt(model.size()));
        if (random.nextInt(4) == 0) {
          table.remove(flow);
        } else {
          table.touch(flow);
          model.add(flow);
        }
      }
      Flow oldest = model.isEmpty() ? null : model.get(0);
      assertThat(table.oldest(FlowTimeouts.DATAGRAMS)).isSameAs(oldest);
      assertThat(table.leastMissed()).isSameAs(oldest);
    }
  }
}

package io.sidewire.standalone.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Keys;
import io.sidewire.schemas.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToldExchangesTest {
  @Test
  void tellsTheLastRevisionInTheOrderOfTheFirst() {
    var random = new Random(7);
    var told = new ToldExchanges();
    for (int file = 0; file < 3; file++) {
      var expected = new LinkedHashMap<String, Exchange>();
      for (int i = 0; i < 30_000; i++) {
        String flow = "f" + random.nextInt(300);
        if (random.nextInt(20) == 0) {
          told.flowOver(flow);
        } else {
          // Also of flows that are over, and more of a flow than are looked through one by one.
          Exchange row = row(flow, random.nextInt(40), i);
          told.tell(row);
          expected.put(row.getExchangeId(), row);
        }
      }
      List<Exchange> out = new ArrayList<>();
      told.drain(out::add);
      assertEquals(List.copyOf(expected.values()), out);
    }
  }

  private static Exchange row(String flow, int number, int revision) {
    var row = new Exchange();
    row.setExchangeId(Keys.exchange(flow, number));
    row.setRevision(revision);
    row.setFlowId(flow);
    row.setHost("file:test");
    row.setEpoch("e");
    row.setClient(new Endpoint("192.0.2.1", 50_000));
    row.setServer(new Endpoint("192.0.2.2", 443));
    row.setFlowType("other");
    row.setProtocol("http/1.1");
    row.setEvidence(Evidence.DECODED);
    row.setOutcome(Outcome.ANSWERED);
    row.setToolCalls(new ArrayList<>());
    row.setPath("/" + "x".repeat(revision % 900));
    return row;
  }
}

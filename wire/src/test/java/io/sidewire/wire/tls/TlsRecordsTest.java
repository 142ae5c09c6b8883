package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.TlsBytes.data;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlsRecordsTest {
  private final List<String> events = new ArrayList<>();
  private final TlsRecords records = new TlsRecords(new TlsRecords.Listener() {
    private int length;

    @Override
    public void recordBegins(int type, int version, int length, long time) {
      this.length = length;
      events.add(type + ":" + length + "@" + time);
    }

    @Override
    public void recordContent(byte[] bytes, int offset, int length) {}

    @Override
    public void recordEnds(long time, boolean whole) {
      events.add((whole ? "end " : "cut ") + length + "@" + time);
    }

    @Override
    public void recordsLost(long time) {
      events.add("lost@" + time);
    }

    @Override
    public void notRecords(long time) {
      events.add("none@" + time);
    }
  });

  private void feed(byte[] bytes, int from, int to, long time) {
    records.onData(bytes, from, to - from, time);
  }

  @Test
  void timesEachRecordByItsFirstAndLastByte() {
    byte[] wire = join(data(10), data(20));
    feed(wire, 0, 3, 1);
    feed(wire, 3, 18, 2);
    feed(wire, 18, 25, 3);
    feed(wire, 25, wire.length, 4);
    assertThat(events).containsExactly("23:10@1", "end 10@2", "23:20@2", "end 20@4");
  }

  @Test
  void bridgesAGapInsideARecord() {
    byte[] wire = join(data(1000), data(30));
    feed(wire, 0, 40, 1);
    records.onGap(900, 2);
    feed(wire, 940, wire.length, 3);
    assertThat(events).containsExactly("23:1000@1", "cut 1000@3", "23:30@3", "end 30@3");
  }

  @Test
  void aGapToTheEndOfARecordLeavesTheWayKnown() {
    byte[] wire = join(data(1000), data(30));
    feed(wire, 0, 40, 1);
    records.onGap(1005 - 40, 2);
    feed(wire, 1005, wire.length, 3);
    assertThat(events).containsExactly("23:1000@1", "cut 1000@2", "23:30@3", "end 30@3");
  }

  @Test
  void findsTheWayAtASegmentStartAfterAGapOverAHeader() {
    byte[] wire = join(data(100), data(100), data(50), data(60));
    feed(wire, 0, 40, 1);
    records.onGap(100, 2); // over the second header
    feed(wire, 140, 160, 3); // middle of the second record: no header
    feed(wire, 210, wire.length, 4); // third record, at the start of a segment
    assertThat(events)
        .containsExactly(
            "23:100@1", "cut 100@2", "lost@2", "23:50@4", "end 50@4", "23:60@4", "end 60@4");
  }

  @Test
  void whatIsNoRecordIsToldAndLeft() {
    byte[] wire = join(data(10), "GET / HTTP/1.1\r\n\r\n".getBytes());
    feed(wire, 0, wire.length, 1);
    byte[] later = data(5);
    feed(later, 0, later.length, 2);
    assertThat(events).containsExactly("23:10@1", "end 10@1", "none@1", "23:5@2", "end 5@2");
  }

  @Test
  void aRecordCutByTheEndOfTheFlowEndsWithItsLastByte() {
    byte[] wire = data(100);
    feed(wire, 0, 50, 7);
    records.onEnd();
    assertThat(events).containsExactly("23:100@7", "cut 100@7");
  }

  @Test
  void sniffsRecordsOfARunningConnection() {
    byte[] two = join(data(100), record(21, new byte[26]));
    assertThat(TlsSniff.records(two, 0, two.length)).isEqualTo(TlsSniff.Verdict.YES);
    byte[] big = data(9000);
    assertThat(TlsSniff.records(big, 0, 96)).isEqualTo(TlsSniff.Verdict.YES);
    assertThat(TlsSniff.records(big, 0, 4)).isEqualTo(TlsSniff.Verdict.MORE);
    byte[] alert = record(21, new byte[2]);
    assertThat(TlsSniff.records(alert, 0, alert.length)).isEqualTo(TlsSniff.Verdict.NO);
    byte[] text = "POST /v1/messages HTTP/1.1\r\n".getBytes();
    assertThat(TlsSniff.records(text, 0, text.length)).isEqualTo(TlsSniff.Verdict.NO);
  }

  @Test
  void sniffsHellosAndNeverChangesItsMind() {
    byte[] hello = TlsBytes.records(TlsBytes.RFC_8448_CLIENT_HELLO, 1);
    boolean decided = false;
    for (int length = 0; length <= hello.length; length++) {
      TlsSniff.Verdict verdict = TlsSniff.clientHello(hello, 0, length);
      assertThat(verdict).isNotEqualTo(TlsSniff.Verdict.NO);
      assertThat(decided && verdict != TlsSniff.Verdict.YES).isFalse();
      decided = verdict == TlsSniff.Verdict.YES;
      assertThat(length < TlsSniff.HELLO_PREFIX || decided).isTrue();
    }
    byte[] answer = record(22, TlsBytes.RFC_8448_SERVER_HELLO);
    assertThat(TlsSniff.serverHello(answer, 0, answer.length)).isEqualTo(TlsSniff.Verdict.YES);
    assertThat(TlsSniff.clientHello(answer, 0, answer.length)).isEqualTo(TlsSniff.Verdict.NO);
    byte[] text = {0x16, 3, 1, 'x', 'y', 'z', 0, 0, 0, 0, 0};
    assertThat(TlsSniff.clientHello(text, 0, text.length)).isEqualTo(TlsSniff.Verdict.NO);
  }
}

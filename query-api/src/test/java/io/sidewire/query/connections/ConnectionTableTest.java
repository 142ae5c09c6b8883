package io.sidewire.query.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sidewire.query.connections.ConnectionTable.Held;
import io.sidewire.query.connections.ConnectionTable.Limits;
import io.sidewire.query.connections.ConnectionTable.Line;
import io.sidewire.query.connections.ConnectionTable.Reason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
  private final ConnectionTable table = new ConnectionTable(new Limits(5, 3, 10, 60));
  private final List<String> closed = new ArrayList<>();
  private boolean behind;

  @Test
  void theOneOfAnAddressThatWaitsLongestMakesRoom() {
    for (int i = 0; i < 4; i++) {
      assertThat(come("a", "a" + i, i)).isNotNull();
    }
    assertThat(closed).containsExactly("a0");
    assertThat(table.closed(Reason.ADDRESS)).isEqualTo(1);
    assertThat(table.open()).isEqualTo(3);
    assertThat(come("b", "b0", 9)).isNotNull();
    assertThat(closed).hasSize(1);
  }

  @Test
  void ofAllAddressesToo() {
    for (int i = 0; i < 5; i++) {
      come("a" + i, "a" + i, i);
    }
    assertThat(closed).isEmpty();
    come("b", "b", 5);
    assertThat(closed).containsExactly("a0");
    assertThat(table.closed(Reason.TOTAL)).isEqualTo(1);
    assertThat(table.open()).isEqualTo(5);
  }

  @Test
  void whatIsInUseStays() {
    for (int i = 0; i < 3; i++) {
      table.begin(come("a", "a" + i, i));
    }
    assertThat(come("a", "late", 4)).isNull();
    table.sweep(1_000_000);
    assertThat(closed).isEmpty();
    assertThat(table.closed(Reason.REFUSED)).isEqualTo(1);
    assertThat(come("b", "b", 5)).isNotNull();
  }

  @Test
  void anAnswerBeginsAWait() {
    Held first = come("a", "first", 0);
    come("a", "second", 1);
    come("a", "third", 2);
    table.begin(first);
    table.begin(first);
    table.end(first, 3);
    come("a", "fourth", 4);
    table.end(first, 5);
    come("a", "fifth", 6);
    come("a", "sixth", 7);
    assertThat(closed).containsExactly("second", "third", "fourth");
    come("a", "seventh", 8);
    assertThat(closed).endsWith("first");
  }

  @Test
  void noneWaitsForLong() {
    come("a", "silent", 0);
    Held asked = come("b", "asked", 0);
    table.begin(asked);
    table.end(asked, 5);
    table.sweep(9);
    assertThat(closed).isEmpty();
    table.sweep(10);
    assertThat(closed).containsExactly("silent");
    table.sweep(64);
    assertThat(closed).hasSize(1);
    table.sweep(65);
    assertThat(closed).containsExactly("silent", "asked");
    assertThat(table.closed(Reason.NO_REQUEST)).isEqualTo(1);
    assertThat(table.closed(Reason.IDLE)).isEqualTo(1);
    assertThat(table.open()).isZero();
  }

  @Test
  void whoStillReadsIsNotIdle() {
    Held reader = come("a", "reader", 0);
    table.begin(reader);
    table.end(reader, 0);
    behind = true;
    table.sweep(100);
    assertThat(closed).isEmpty();
    behind = false;
    table.sweep(100);
    assertThat(closed).containsExactly("reader");
  }

  @Test
  void whatIsGoneIsForgottenOnce() {
    Held one = come("a", "one", 0);
    table.begin(one);
    table.gone(one);
    table.gone(one);
    table.end(one, 1);
    table.sweep(1_000);
    assertThat(table.open()).isZero();
    assertThat(closed).isEmpty();
  }

  @Test
  void oneThatMakesRoomForItsOwnAddressAlone() {
    var narrow = new ConnectionTable(new Limits(1, 1, 10, 60));
    for (int i = 0; i < 10; i++) {
      assertThat(narrow.admit("a", line("a" + i), i)).isNotNull();
    }
    assertThat(narrow.open()).isEqualTo(1);
    assertThat(closed).hasSize(9);
    assertThat(narrow.admit("b", line("b"), 11)).isNotNull();
    assertThat(closed).hasSize(10);
  }

  @Test
  void limitsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(10, 11, 1, 1))
        .withMessageContaining("sidewire.api.connections-per-address (11)")
        .withMessageContaining("sidewire.api.connections (10)");
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(10, 0, 1, 1));
  }

  @Test
  void aNetworkOf64BitsIsOneClient() throws Exception {
    assertThat(holder("2001:db8:0:1::1")).isEqualTo(holder("2001:db8:0:1:ffff::2"));
    assertThat(holder("2001:db8:0:1::1")).isNotEqualTo(holder("2001:db8:0:2::1"));
    assertThat(holder("fe80::1")).isNotEqualTo(holder("fe80::2"));
    assertThat(holder("127.0.0.1")).isNotEqualTo(holder("127.0.0.2"));
  }

  private static Object holder(String address) throws Exception {
    return Connections.holder(InetAddress.getByName(address));
  }

  private Held come(String address, String name, long now) {
    return table.admit(address, line(name), now);
  }

  private Line line(String name) {
    return new Line() {
      @Override
      public void close() {
        closed.add(name);
      }

      @Override
      public boolean isBehind() {
        return behind;
      }
    };
  }
}

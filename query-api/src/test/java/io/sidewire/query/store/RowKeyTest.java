package io.sidewire.query.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class RowKeyTest {
  @Test
  void ordersByTimeThenId() {
    long[] times = {Long.MIN_VALUE, -5, -1, 0, 1, 255, 256, 1_772_366_400_000_000L, Long.MAX_VALUE};
    Bytes[] keys = LongStream.of(times)
        .mapToObj(time -> RowKey.row(time, RowKey.utf8("x")))
        .toArray(Bytes[]::new);
    assertThat(keys).isSorted();
    for (int i = 0; i < times.length; i++) {
      assertThat(RowKey.time(keys[i].get())).isEqualTo(times[i]);
      assertThat(RowKey.before(times[i])).isLessThan(keys[i]);
    }
    assertThat(RowKey.row(7, RowKey.utf8("a"))).isLessThan(RowKey.row(7, RowKey.utf8("b")));
    assertThat(RowKey.row(Long.MAX_VALUE, RowKey.utf8("~"))).isLessThan(RowKey.index(new byte[0]));
  }

  @Test
  void cursorsAreTextAndBack() {
    var row = new Row(RowKey.row(99, RowKey.utf8("f1-3")).get(), Row.value(1, 2, new byte[] {3}));
    String text = Cursor.after(row).text();
    assertThat(text).matches("[A-Za-z0-9_-]+");
    assertThat(Cursor.parse(text).position()).isEqualTo(row.position());
    for (String bad : new String[] {"", "!", "AQ", "x".repeat(5_000), "AQAAAAAAAAAAAAAAAAAA"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Cursor.parse(bad));
    }
  }

  @Test
  void rowsCarryWhatTheyWereGiven() {
    byte[] value = Row.value(17, -4, new byte[] {1, 2});
    assertThat(Row.arrivedMillis(value)).isEqualTo(17);
    assertThat(Row.mark(value)).isEqualTo(-4);
    assertThat(Row.record(value)).containsExactly(1, 2);
  }
}

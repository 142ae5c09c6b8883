package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.capture.CaptureCounters.Count;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FrameQueueTest {
  private static final CaptureInput INPUT = new CaptureInput("h", "e", false, Map.of());

  private final CaptureCounters counters = new CaptureCounters();

  @Test
  void framesComeOutAsTheyWentIn() throws InterruptedException {
    FrameQueue queue = new FrameQueue(1 << 20, false, counters);
    queue.begin(INPUT);
    put(queue, 1, 60, 1500);
    put(queue, 2, 70, 70);
    FrameBlock block = queue.take(0);
    assertThat(block.input).isSameAs(INPUT);
    assertThat(block.count).isEqualTo(2);
    assertThat(block.times[1]).isEqualTo(2);
    assertThat(block.linkTypes[0]).isEqualTo(113);
    assertThat(block.captured[0]).isEqualTo(60);
    assertThat(block.wireLengths[0]).isEqualTo(1500);
    assertThat(Arrays.copyOfRange(block.bytes, block.offsets[1], block.offsets[1] + 70))
        .containsOnly(2);
    assertThat(block.last).isFalse();
  }

  @Test
  void anInputBeginsBeforeItsFirstFrame() throws InterruptedException {
    FrameQueue queue = new FrameQueue(1 << 20, true, counters);
    queue.begin(INPUT);
    FrameBlock block = queue.take(0);
    assertThat(block.input).isSameAs(INPUT);
    assertThat(block.count).isZero();
    assertThat(queue.take(0)).isNull();
  }

  @Test
  void theEndIsMarkedEvenWithoutFrames() throws InterruptedException {
    FrameQueue queue = new FrameQueue(1 << 20, false, counters);
    queue.begin(INPUT);
    queue.release(queue.take(0));
    queue.end();
    queue.close();
    assertThat(queue.isDrained()).isFalse();
    assertThat(queue.take(0).last).isTrue();
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void aFullQueueOfALiveSourceLosesItsOldestFramesAndCountsThem() throws InterruptedException {
    FrameQueue queue = new FrameQueue(1 << 20, true, counters); // 4 blocks of 512 KiB
    queue.begin(INPUT);
    int frames = 100;
    for (int i = 0; i < frames; i++) {
      put(queue, i, 100_000, 100_000); // 5 in a block
    }
    int taken = 0;
    long first = -1;
    for (FrameBlock block = queue.take(0); block != null; block = queue.take(0)) {
      first = first < 0 ? block.times[0] : first;
      taken += block.count;
      queue.release(block);
    }
    assertThat(taken).isEqualTo(20);
    assertThat(first).isEqualTo(80);
    assertThat(counters.get(Count.DROPPED_BY_QUEUE)).isEqualTo(80);
    assertThat(counters.get(Count.PACKETS_RECEIVED)).isEqualTo(80);
    assertThat(counters.get(Count.BYTES_RECEIVED)).isEqualTo(8_000_000);
  }

  @Test
  void aFullQueueMakesAFileSourceWaitAndNothingIsLost() throws InterruptedException {
    FrameQueue queue = new FrameQueue(1 << 20, false, counters);
    int frames = 500;
    Thread source = new Thread(() -> {
      try {
        queue.begin(INPUT);
        for (int i = 0; i < frames; i++) {
          put(queue, i, 50_000, 50_000);
        }
        queue.end();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      queue.close();
    });
    source.start();
    long next = 0;
    while (!queue.isDrained()) {
      FrameBlock block = queue.take(1000);
      if (block != null) {
        for (int i = 0; i < block.count; i++) {
          assertThat(block.times[i]).isEqualTo(next++);
        }
        queue.release(block);
      }
    }
    assertThat(next).isEqualTo(frames);
    assertThat(counters.get(Count.DROPPED_BY_QUEUE)).isZero();
    source.join();
  }

  @Test
  void aFrameLongerThanABlockHasOneOfItsOwn() throws InterruptedException {
    FrameQueue queue = new FrameQueue(1 << 20, false, counters);
    queue.begin(INPUT);
    put(queue, 1, 2 << 20, 2 << 20);
    put(queue, 2, 60, 60);
    queue.release(queue.take(0)); // the input's empty beginning
    FrameBlock large = queue.take(0);
    assertThat(large.count).isEqualTo(1);
    queue.release(large);
    assertThat(queue.take(0).times[0]).isEqualTo(2);
  }

  private static void put(FrameQueue queue, long time, int captured, int wireLength)
      throws InterruptedException {
    queue.frame(
        113,
        captured,
        wireLength,
        time,
        (target, offset, length) -> Arrays.fill(target, offset, offset + length, (byte) time));
  }
}

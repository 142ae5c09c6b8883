package io.sidewire.processor.fold;

import java.util.List;

/** Ranges of sequences that did not come: first and last of each in pairs, in the order in which they were missed. */
final class Holes {
  /** Ranges that are remembered; of older ones nothing is let in any more. */
  static final int RANGES = 64;

  private Holes() {}

  /** Notes what lies between two sequences; the answer is how many that is. */
  static long add(List<Long> holes, long last, long next) {
    long missed = next - last - 1;
    if (missed > 0) {
      holes.add(last + 1);
      holes.add(next - 1);
      shorten(holes);
    }
    return missed;
  }

  /** Takes a sequence out of its hole; false: it was not missing. */
  static boolean fill(List<Long> holes, long sequence) {
    for (int i = 0; i < holes.size(); i += 2) {
      long first = holes.get(i);
      long last = holes.get(i + 1);
      if (first <= sequence && sequence <= last) {
        holes.remove(i);
        holes.remove(i);
        if (sequence < last) {
          holes.addAll(i, List.of(sequence + 1, last));
        }
        if (first < sequence) {
          holes.addAll(i, List.of(first, sequence - 1));
        }
        shorten(holes);
        return true;
      }
    }
    return false;
  }

  private static void shorten(List<Long> holes) {
    if (holes.size() > 2 * RANGES) {
      holes.remove(0);
      holes.remove(0);
    }
  }
}

package io.sidewire.benchmarks;

import io.sidewire.capture.file.CaptureFileReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Makes one large capture file out of small ones: their packets again and again, each round with addresses and times of
 * its own, so that every round adds new flows.
 *
 * <p>Usage: {@code MixedCapture OUT PACKETS FILE…}. Only Ethernet frames are taken. IPv4 addresses become 10.a.b.c of
 * the round; the IP header checksum is corrected, TCP's is left (captures on loopback have none that is right).
 */
public final class MixedCapture {
  private static final int ETHERNET = 1;
  private static final int SNAPLEN = 262_144;

  /**
   * How the rounds follow each other.
   *
   * @param packets packets at most
   * @param rounds rounds at most
   * @param base time of the first packet, epoch microseconds
   * @param roundMicros time from the beginning of a round to that of the next; 0: an eighth of the files' time
   * @param firstRound number of the first round, and so of its network: captures of several hosts must not overlap
   */
  public record Plan(long packets, int rounds, long base, long roundMicros, int firstRound) {}

  private record Frame(long time, int wireLength, byte[] bytes) {}

  private MixedCapture() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("usage: MixedCapture OUT PACKETS FILE...");
      System.exit(2);
    }
    long wanted = Long.parseLong(args[1]);
    List<Path> files = Arrays.stream(args).skip(2).map(Path::of).toList();
    write(
        Path.of(args[0]), new Plan(wanted, Integer.MAX_VALUE, 1_700_000_000_000_000L, 0, 0), files);
  }

  /** Writes the capture file {@code out}. */
  public static void write(Path out, Plan plan, List<Path> files) throws IOException {
    var frames = new ArrayList<Frame>();
    for (Path file : files) {
      read(file, frames);
    }
    if (frames.isEmpty()) {
      throw new IOException("no Ethernet frames in " + files);
    }
    frames.sort(Comparator.comparingLong(Frame::time));
    write(out, plan, frames.toArray(Frame[]::new));
  }

  private static void read(Path file, List<Frame> into) throws IOException {
    long shift = Long.MIN_VALUE;
    try (var reader = CaptureFileReader.open(file)) {
      while (reader.next()) {
        if (reader.linkType() != ETHERNET) {
          continue;
        }
        if (shift == Long.MIN_VALUE) {
          shift = -reader.timeMicros();
        }
        byte[] bytes = Arrays.copyOfRange(
            reader.frame(), reader.offset(), reader.offset() + reader.capturedLength());
        into.add(new Frame(reader.timeMicros() + shift, reader.wireLength(), bytes));
      }
    }
  }

  private static void write(Path out, Plan plan, Frame[] frames) throws IOException {
    long roundMicros =
        plan.roundMicros() > 0 ? plan.roundMicros() : frames[frames.length - 1].time() / 8 + 1;
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(out), 1 << 20)) {
      var header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
      header.putLong(0).putInt(SNAPLEN).putInt(ETHERNET);
      stream.write(header.array());
      var head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      long written = 0;
      for (int round = 0; written < plan.packets() && round < plan.rounds(); round++) {
        for (Frame frame : frames) {
          if (written == plan.packets()) {
            break;
          }
          long time = plan.base() + round * roundMicros + frame.time();
          readdress(frame.bytes(), plan.firstRound() + round);
          head.clear();
          head.putInt((int) (time / 1_000_000)).putInt((int) (time % 1_000_000));
          head.putInt(frame.bytes().length).putInt(frame.wireLength());
          stream.write(head.array());
          stream.write(frame.bytes());
          written++;
        }
      }
    }
  }

  /** Gives both ends the round's own network, the host part kept. */
  private static void readdress(byte[] frame, int round) {
    if (frame.length < 34 || frame[12] != 8 || frame[13] != 0 || frame[14] >>> 4 != 4) {
      return;
    }
    for (int at : new int[] {26, 30}) {
      frame[at] = 10;
      frame[at + 1] = (byte) (round >> 8);
      frame[at + 2] = (byte) round;
    }
    frame[24] = 0;
    frame[25] = 0;
    int sum = 0;
    int length = (frame[14] & 15) * 4;
    for (int at = 14; at < 14 + length && at + 1 < frame.length; at += 2) {
      sum += (frame[at] & 0xFF) << 8 | frame[at + 1] & 0xFF;
    }
    sum = (sum & 0xFFFF) + (sum >>> 16);
    sum = ~((sum & 0xFFFF) + (sum >>> 16));
    frame[24] = (byte) (sum >> 8);
    frame[25] = (byte) sum;
  }
}

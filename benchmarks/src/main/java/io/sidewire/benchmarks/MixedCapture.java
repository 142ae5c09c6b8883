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

  private record Frame(long time, int wireLength, byte[] bytes) {}

  private MixedCapture() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("usage: MixedCapture OUT PACKETS FILE...");
      System.exit(2);
    }
    long wanted = Long.parseLong(args[1]);
    var frames = new ArrayList<Frame>();
    for (int i = 2; i < args.length; i++) {
      read(Path.of(args[i]), frames);
    }
    if (frames.isEmpty()) {
      System.err.println("no Ethernet frames in these files");
      System.exit(1);
    }
    frames.sort(java.util.Comparator.comparingLong(Frame::time));
    write(Path.of(args[0]), wanted, frames);
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
        byte[] bytes = java.util.Arrays.copyOfRange(
            reader.frame(), reader.offset(), reader.offset() + reader.capturedLength());
        into.add(new Frame(reader.timeMicros() + shift, reader.wireLength(), bytes));
      }
    }
  }

  private static void write(Path out, long wanted, List<Frame> frames) throws IOException {
    long roundMicros = frames.get(frames.size() - 1).time() / 8 + 1;
    long base = 1_700_000_000_000_000L;
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(out), 1 << 20)) {
      var header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
      header.putLong(0).putInt(SNAPLEN).putInt(ETHERNET);
      stream.write(header.array());
      var head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      long written = 0;
      for (int round = 0; written < wanted; round++) {
        for (Frame frame : frames) {
          if (written == wanted) {
            break;
          }
          long time = base + round * roundMicros + frame.time();
          readdress(frame.bytes(), round);
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

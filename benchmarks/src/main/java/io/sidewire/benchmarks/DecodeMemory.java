package io.sidewire.benchmarks;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.standalone.decode.Decoder;
import io.sidewire.standalone.decode.Hello;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code decode} takes of the heap: bytes allocated a packet, or live bytes while many flows are open.
 *
 * <p>Usage: {@code DecodeMemory FILE} decodes a capture five times and tells what the decode thread allocated; {@code
 * DecodeMemory FILE FLOWS} writes a capture of so many connections that are all open at once, each with a request that
 * nobody answered, and tells what is live when the first of them ends.
 */
public final class DecodeMemory {
  private static final int PASSES = 5;
  private static final int ETHERNET_IP_TCP = 54;
  private static final byte[] REQUEST =
      "GET /status HTTP/1.1\r\nHost: example.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private DecodeMemory() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    if (args.length == 1) {
      var told = new Told(false);
      for (int pass = 0; pass < PASSES; pass++) {
        decode(file, told);
      }
    } else {
      int flows = Integer.parseInt(args[1]);
      write(file, flows);
      System.gc();
      long before = used();
      var told = new Told(true);
      decode(file, told);
      System.out.printf(
          Locale.ROOT,
          "%d connections open at once: %.1f MB live, %d flows told%n",
          flows,
          (told.live - before) / 1e6,
          told.flows);
      Files.delete(file);
    }
    System.exit(0);
  }

  private static long used() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void decode(Path file, Decoder.Out out) {
    var config = CaptureConfig.load(
        null,
        Map.of(),
        Map.of(CaptureConfig.NAMES.name(), "all", CaptureConfig.PACKET_DETAIL.name(), "counts"));
    new Decoder(config, FlowTypeRules.builtIn(), false)
        .decode(List.of(file), new CaptureCounters(), out);
  }

  /** Measures on the decode thread, where rows are told. */
  private static final class Told implements Decoder.Out {
    private final boolean heap;
    private long flows;
    private long packets;
    private long live;

    Told(boolean heap) {
      this.heap = heap;
    }

    @Override
    public void begin(String host) {
      packets = 0;
    }

    @Override
    public void flow(FlowRecord flow) {
      flows++;
      packets += flow.getPacketsToServer() + flow.getPacketsToClient();
      if (heap && live == 0 && flow.getState().equals("capture_ended")) {
        System.gc();
        live = used();
      }
    }

    @Override
    public void hello(Hello hello) {}

    @Override
    public void exchange(Exchange exchange) {}

    @Override
    public void end() {
      if (!heap) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        System.out.printf(
            Locale.ROOT,
            "%d packets: %.0f bytes allocated a packet%n",
            packets,
            (double) bytes / packets);
      }
    }
  }

  /** SYN, SYN and ACK, ACK, and a request, for each connection; a microsecond a packet. */
  private static void write(Path file, int flows) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      var header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
      header.putLong(0).putInt(262_144).putInt(1);
      out.write(header.array());
      long time = 1_700_000_000_000_000L;
      int[] flags = {2, 18, 16, 24};
      for (int step = 0; step < flags.length; step++) {
        byte[] payload = step == flags.length - 1 ? REQUEST : new byte[0];
        for (int flow = 0; flow < flows; flow++) {
          out.write(frame(time++, flow, step, flags[step], payload));
        }
      }
    }
  }

  private static byte[] frame(long time, int flow, int step, int flags, byte[] payload) {
    int length = ETHERNET_IP_TCP + payload.length;
    var frame = ByteBuffer.allocate(16 + length);
    frame.order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt((int) (time / 1_000_000)).putInt((int) (time % 1_000_000));
    frame.putInt(length).putInt(length);
    frame.order(ByteOrder.BIG_ENDIAN);
    frame.putLong(0).putInt(0).putShort((short) 0x0800);
    frame.putShort((short) 0x4500).putShort((short) (length - 14)).putInt(0);
    frame.putShort((short) 0x4006).putShort((short) 0);
    int client = 0x0A000000 | flow >>> 14;
    int port = 1024 + (flow & 0x3FFF) << 16;
    boolean fromServer = step == 1;
    frame.putInt(fromServer ? 0xC0000201 : client).putInt(fromServer ? client : 0xC0000201);
    frame.putInt(fromServer ? 80 << 16 | port >>> 16 : port | 80);
    frame.putInt(fromServer ? 5000 : step == 0 ? 1000 : 1001);
    frame.putInt(fromServer ? 1001 : step == 0 ? 0 : 5001);
    frame.putShort((short) (0x5000 | flags)).putShort((short) 64_000).putInt(0);
    frame.put(payload);
    return frame.array();
  }
}

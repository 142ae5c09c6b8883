package io.sidewire.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A TCP connection told as a story – the client says this, the server says that, a packet is lost, two come in the
 * wrong order, one is repeated – and played as segments or Ethernet frames with times.
 *
 * <p>Each step appends segments at the script's clock and moves the clock on. {@link #lose}, {@link #swap} and the like
 * change what the capture sees, never what the two ends said: sequence numbers stay as they were sent.
 */
public final class TcpScript {
  private static final int DEFAULT_WINDOW = 64240;

  private final String clientAddress;
  private final int clientPort;
  private final String serverAddress;
  private final int serverPort;
  private final List<Segment> segments = new ArrayList<>();
  private final End client = new End(1_000);
  private final End server = new End(900_000);
  private long clock = 1_700_000_000_000_000L;
  private long step = 1_000;
  private int mss = 1460;
  private boolean acknowledging;
  private int identification = 1;

  /** Where one end stands. */
  private static final class End {
    long next;
    int window = DEFAULT_WINDOW;

    End(long next) {
      this.next = next;
    }
  }

  /** One segment as the capture sees it. {@code frame} is Ethernet, {@code wireLength} its length before any cut. */
  public record Segment(
      long timeMicros,
      boolean fromClient,
      long sequence,
      long acknowledgment,
      int flags,
      int window,
      int identification,
      byte[] payload,
      byte[] frame,
      int wireLength) {}

  private TcpScript(String clientAddress, int clientPort, String serverAddress, int serverPort) {
    this.clientAddress = clientAddress;
    this.clientPort = clientPort;
    this.serverAddress = serverAddress;
    this.serverPort = serverPort;
  }

  public static TcpScript between(
      String clientAddress, int clientPort, String serverAddress, int serverPort) {
    return new TcpScript(clientAddress, clientPort, serverAddress, serverPort);
  }

  /** Between 10.0.0.1:40000 and 10.0.0.2:{@code serverPort}. */
  public static TcpScript toPort(int serverPort) {
    return between("10.0.0.1", 40000, "10.0.0.2", serverPort);
  }

  // ------------------------------------------------------------------ settings

  /** Time of the next segment. */
  public TcpScript at(long micros) {
    clock = micros;
    return this;
  }

  /** Time between two segments from here on. */
  public TcpScript every(long micros) {
    step = micros;
    return this;
  }

  public TcpScript pause(long micros) {
    clock += micros;
    return this;
  }

  /** Sequence numbers of the next byte (or SYN) of each end. */
  public TcpScript numbered(long ofClient, long ofServer) {
    client.next = ofClient & 0xffffffffL;
    server.next = ofServer & 0xffffffffL;
    return this;
  }

  /** Longest payload of one segment. */
  public TcpScript mss(int bytes) {
    mss = bytes;
    return this;
  }

  /** From here on the other end acknowledges each of {@link #client} and {@link #server} by a segment of its own. */
  public TcpScript acknowledging() {
    acknowledging = true;
    return this;
  }

  // ------------------------------------------------------------------ what is said

  /** The three-way handshake. */
  public TcpScript connect() {
    return syn().synAck().ack(true);
  }

  public TcpScript syn() {
    send(true, Frames.SYN, new byte[0], 0);
    return this;
  }

  public TcpScript synAck() {
    send(false, Frames.SYN | Frames.ACK, new byte[0], client.next);
    return this;
  }

  public TcpScript ack(boolean fromClient) {
    send(fromClient, Frames.ACK, new byte[0], other(fromClient).next);
    return this;
  }

  public TcpScript client(String text) {
    return client(Frames.ascii(text));
  }

  public TcpScript client(byte[] bytes) {
    return say(true, bytes);
  }

  public TcpScript server(String text) {
    return server(Frames.ascii(text));
  }

  public TcpScript server(byte[] bytes) {
    return say(false, bytes);
  }

  private TcpScript say(boolean fromClient, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += mss) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + mss));
      send(fromClient, Frames.ACK | Frames.PSH, part, other(fromClient).next);
    }
    if (acknowledging) {
      ack(!fromClient);
    }
    return this;
  }

  public TcpScript fin(boolean fromClient) {
    send(fromClient, Frames.ACK | Frames.FIN, new byte[0], other(fromClient).next);
    return this;
  }

  /** Both ends close, the client first, and acknowledge it. */
  public TcpScript close() {
    return fin(true).ack(false).fin(false).ack(true);
  }

  public TcpScript rst(boolean fromClient) {
    send(fromClient, Frames.RST | Frames.ACK, new byte[0], other(fromClient).next);
    return this;
  }

  /** A keep-alive probe: one byte before what comes next, empty. */
  public TcpScript keepAlive(boolean fromClient) {
    long sequence = end(fromClient).next - 1;
    put(fromClient, sequence, other(fromClient).next, Frames.ACK, new byte[0]);
    return this;
  }

  /** An acknowledgment that closes the window. */
  public TcpScript zeroWindow(boolean fromClient) {
    End end = end(fromClient);
    end.window = 0;
    ack(fromClient);
    end.window = DEFAULT_WINDOW;
    return this;
  }

  /** A segment with everything given; moves neither end on. */
  public TcpScript raw(
      boolean fromClient, long sequence, long acknowledgment, int flags, byte[] payload) {
    put(fromClient, sequence, acknowledgment, flags, payload);
    return this;
  }

  // ------------------------------------------------------------------ what the capture sees of it

  /** The last segment was never captured. */
  public TcpScript lose() {
    segments.remove(segments.size() - 1);
    return this;
  }

  /** The last two segments were captured in the other order; the times stay where they are. */
  public TcpScript swap() {
    int last = segments.size() - 1;
    Segment a = segments.get(last - 1);
    Segment b = segments.get(last);
    segments.set(last - 1, at(b, a.timeMicros()));
    segments.set(last, at(a, b.timeMicros()));
    return this;
  }

  /** The last segment was sent again. */
  public TcpScript repeat() {
    return repeat(1);
  }

  /** The segment {@code back} places from the end (1: the last) was sent again, as a packet of its own. */
  public TcpScript repeat(int back) {
    Segment s = segments.get(segments.size() - back);
    put(s.fromClient(), s.sequence(), s.acknowledgment(), s.flags(), s.payload());
    return this;
  }

  /** The last packet was captured twice: the same packet, the same bytes, a moment later. */
  public TcpScript duplicate() {
    segments.add(at(segments.get(segments.size() - 1), clock));
    clock += step;
    return this;
  }

  /** The snap length cut the last frame to {@code bytes}. */
  public TcpScript cut(int bytes) {
    int last = segments.size() - 1;
    Segment s = segments.get(last);
    byte[] frame = Arrays.copyOf(s.frame(), Math.min(bytes, s.frame().length));
    segments.set(last, framed(s, s.timeMicros(), frame));
    return this;
  }

  /** The segments from {@code first} on were captured in random order; the times stay where they are. */
  public TcpScript shuffle(int first, Random random) {
    List<Segment> tail = new ArrayList<>(segments.subList(first, segments.size()));
    List<Long> times = tail.stream().map(Segment::timeMicros).toList();
    Collections.shuffle(tail, random);
    for (int i = 0; i < tail.size(); i++) {
      segments.set(first + i, at(tail.get(i), times.get(i)));
    }
    return this;
  }

  // ------------------------------------------------------------------ the result

  public int size() {
    return segments.size();
  }

  public List<Segment> segments() {
    return List.copyOf(segments);
  }

  public List<byte[]> frames() {
    return segments.stream().map(Segment::frame).toList();
  }

  /** Time of the next segment. */
  public long clock() {
    return clock;
  }

  /** Sequence number of the next byte of that end. */
  public long next(boolean ofClient) {
    return end(ofClient).next;
  }

  private End end(boolean ofClient) {
    return ofClient ? client : server;
  }

  private End other(boolean ofClient) {
    return ofClient ? server : client;
  }

  private void send(boolean fromClient, int flags, byte[] payload, long acknowledgment) {
    End end = end(fromClient);
    put(fromClient, end.next, acknowledgment, flags, payload);
    int length = payload.length + ((flags & (Frames.SYN | Frames.FIN)) != 0 ? 1 : 0);
    end.next = (end.next + length) & 0xffffffffL;
  }

  private void put(
      boolean fromClient, long sequence, long acknowledgment, int flags, byte[] payload) {
    int id = identification++ & 0xffff;
    String source = fromClient ? clientAddress : serverAddress;
    String destination = fromClient ? serverAddress : clientAddress;
    int window = end(fromClient).window;
    byte[] packet = Frames.tcp(
        source,
        fromClient ? clientPort : serverPort,
        destination,
        fromClient ? serverPort : clientPort,
        sequence,
        acknowledgment,
        flags,
        window,
        new byte[0],
        payload);
    if (packet[0] >> 4 == 4) {
      byte[] segment = Frames.slice(packet, 20, packet.length);
      packet = Frames.ipv4(source, destination, 6, id, 0, false, new byte[0], segment);
    }
    byte[] frame = Links.ethernet(packet);
    segments.add(new Segment(
        clock,
        fromClient,
        sequence & 0xffffffffL,
        acknowledgment & 0xffffffffL,
        flags,
        window,
        id,
        payload,
        frame,
        frame.length));
    clock += step;
  }

  private static Segment at(Segment s, long time) {
    return framed(s, time, s.frame());
  }

  private static Segment framed(Segment s, long time, byte[] frame) {
    return new Segment(
        time,
        s.fromClient(),
        s.sequence(),
        s.acknowledgment(),
        s.flags(),
        s.window(),
        s.identification(),
        s.payload(),
        frame,
        s.wireLength());
  }
}

package io.sidewire.capture.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the packets of a capture file, pcap or pcapng, also compressed with gzip, without libpcap.
 *
 * <pre>{@code
 * try (var r = CaptureFileReader.open(path)) {
 *   while (r.next()) {
 *     analyzer.packet(r.linkType(), r.frame(), r.offset(), r.capturedLength(), r.wireLength(), r.timeMicros());
 *   }
 *   if (r.problem() != null) { … }
 * }
 * }</pre>
 *
 * <p>A damaged file is read up to the damage: then {@link #next} is false and {@link #problem} says what is wrong.
 */
public final class CaptureFileReader implements Closeable {
  /** The longest packet that libpcap and Wireshark write; a longer one is damage. */
  static final int MAX_CAPTURED = 256 << 10;

  private static final int MAX_SECRET_BYTES = 16 << 20;

  /** Secrets that decrypt traffic of the file, as a pcapng file carries them; {@code type} 0x544c534b is a TLS key log. */
  public record Secrets(int type, byte[] bytes) {
    public static final int TLS_KEY_LOG = 0x544c534b;
  }

  private final String name;
  private final Window window;
  private final Format format;
  private final List<Secrets> secrets = new ArrayList<>();
  private int secretBytes;
  private String problem;
  private boolean ended;
  private long packets;

  // The current packet, set by the format.
  int linkType;
  int offset;
  int capturedLength;
  int wireLength;
  long timeMicros;
  int interfaceIndex;

  long dropped;

  /** One of the two file formats, behind its first bytes. */
  interface Format {
    /** Goes to the next packet and sets its fields; false at the end of the file. Damage is told to the reader. */
    boolean next(CaptureFileReader reader) throws IOException;
  }

  private CaptureFileReader(String name, InputStream in) throws IOException {
    this.name = name;
    window = new Window(in);
    format = recognise();
  }

  /** Opens a file; one that is no capture is refused with a message that names the fix. */
  public static CaptureFileReader open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new CaptureFormatException(file + " is a folder: name the capture files in it");
    }
    if (!Files.isReadable(file)) {
      throw new CaptureFormatException(
          file + " may not be read by this user: change its mode or owner, or run as its owner");
    }
    return open(Files.newInputStream(file), file.toString());
  }

  /** Reads from a stream, e.g. standard input; {@code name} is for messages. The reader closes it. */
  public static CaptureFileReader open(InputStream in, String name) throws IOException {
    try {
      var stream = new PushbackInputStream(in, 2);
      byte[] first = stream.readNBytes(2);
      stream.unread(first);
      boolean gzip = first.length == 2 && first[0] == 0x1f && first[1] == (byte) 0x8b;
      return gzip ? unpacked(name, stream) : new CaptureFileReader(name, stream);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static CaptureFileReader unpacked(String name, InputStream packed) throws IOException {
    try {
      return new CaptureFileReader(name, new GZIPInputStream(packed, 64 << 10));
    } catch (EOFException | ZipException e) {
      throw new CaptureFormatException(
          name + " is a damaged gzip file (" + e.getMessage() + "): copy it again");
    }
  }

  private Format recognise() throws IOException {
    if (!window.ensure(4)) {
      throw new CaptureFormatException(
          window.available() == 0
              ? name + " is empty: was the capture stopped before it wrote anything?"
              : name + " is no capture file: it has only " + window.available() + " bytes");
    }
    int magic = window.i32(0);
    if (magic == PcapngFormat.SECTION) {
      return new PcapngFormat(window);
    }
    Format pcap = PcapFormat.of(window, name);
    if (pcap == null) {
      throw new CaptureFormatException(name + Signatures.explain(window));
    }
    return pcap;
  }

  /** Goes to the next packet; false at the end of the file or of its readable part. */
  public boolean next() {
    if (ended) {
      return false;
    }
    try {
      if (format.next(this)) {
        packets++;
        return true;
      }
    } catch (IOException e) {
      damage("reading failed at byte " + window.position() + ": " + e.getMessage());
    }
    ended = true;
    return false;
  }

  /** The format found damage: what follows cannot be read. */
  boolean damage(String what) {
    if (problem == null) {
      problem = name + ": " + what + "; " + packets + (packets == 1 ? " packet" : " packets")
          + " before it " + (packets == 1 ? "was" : "were") + " read";
    }
    return false;
  }

  void addSecrets(int type, byte[] bytes) {
    if (secretBytes + bytes.length <= MAX_SECRET_BYTES) {
      secretBytes += bytes.length;
      secrets.add(new Secrets(type, bytes));
    }
  }

  /** DLT or LINKTYPE number of the current packet's interface. */
  public int linkType() {
    return linkType;
  }

  /** The array that holds the current packet at {@link #offset}; valid until the next call of {@link #next}. */
  public byte[] frame() {
    return window.bytes();
  }

  public int offset() {
    return offset;
  }

  public int capturedLength() {
    return capturedLength;
  }

  /** Length on the wire; at least {@link #capturedLength}. */
  public int wireLength() {
    return wireLength;
  }

  /** Epoch microseconds; a packet that the file gives no time has that of the packet before it. */
  public long timeMicros() {
    return timeMicros;
  }

  /** Number of the current packet's interface, from 0, counted through all sections. */
  public int interfaceIndex() {
    return interfaceIndex;
  }

  /** Packets read until now. */
  public long packets() {
    return packets;
  }

  /** Packets that the program which wrote the file lost, as far as the file says so. */
  public long dropped() {
    return dropped;
  }

  /** What is wrong with the file, in one line with the count of what was read; null: nothing until now. */
  public String problem() {
    return problem;
  }

  /** Decryption secrets found until now; in a well-made file they stand before the packets. */
  public List<Secrets> secrets() {
    return Collections.unmodifiableList(secrets);
  }

  @Override
  public void close() throws IOException {
    window.close();
  }
}

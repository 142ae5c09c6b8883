package io.sidewire.capture;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.reflect.Field;
import org.pcap4j.core.PcapHandle;

/**
 * The few functions of libpcap and libc with which packets are read from a handle that pcap4j has opened: directly
 * mapped, three to four times as many packets a CPU second as through pcap4j's listeners.
 */
final class NativePcap {
  static {
    Native.register(
        NativePcap.Pcap.class, System.getProperty("org.pcap4j.core.pcapLibName", "pcap"));
    Native.register(NativePcap.Libc.class, "c");
  }

  /** libpcap. */
  private static final class Pcap {
    static native int pcap_next_ex(Pointer handle, Pointer header, Pointer data);

    static native int pcap_get_selectable_fd(Pointer handle);

    static native int pcap_setnonblock(Pointer handle, int nonblock, Pointer error);

    static native Pointer pcap_geterr(Pointer handle);
  }

  /** The C library. */
  private static final class Libc {
    static native int poll(Pointer descriptors, int count, int timeoutMillis);
  }

  /*
   * struct pcap_pkthdr { struct timeval { long tv_sec; long tv_usec; }; uint32 caplen; uint32 len; }
   * On macOS tv_usec has 32 bits and 32 of padding, so 32 bits are read.
   */
  private static final int MICROS_OFFSET = 8;

  private static final int CAPTURED_OFFSET = 16;
  private static final int LENGTH_OFFSET = 20;
  private static final int ERROR_BYTES = 256;
  private static final short POLL_IN = 1;

  private final Pointer handle;
  private final int descriptor;
  private final Memory headerAddress = new Memory(Native.POINTER_SIZE);
  private final Memory dataAddress = new Memory(Native.POINTER_SIZE);
  private final Memory pollEntry = new Memory(8);
  private Pointer header;
  private Pointer data;

  /** Takes over reading from an open handle, which from now on never blocks. */
  NativePcap(PcapHandle opened) {
    handle = pointerOf(opened);
    var error = new Memory(ERROR_BYTES);
    if (Pcap.pcap_setnonblock(handle, 1, error) != 0) {
      throw new CaptureException(
          CaptureException.Kind.FAILURE,
          "libpcap cannot read without blocking: " + error.getString(0));
    }
    descriptor = Pcap.pcap_get_selectable_fd(handle);
    pollEntry.setInt(0, descriptor);
    pollEntry.setShort(4, POLL_IN);
    pollEntry.setShort(6, (short) 0);
  }

  /** Goes to the next packet: 1 there is one, 0 none now, negative: see {@link #error}. */
  int next() {
    int result = Pcap.pcap_next_ex(handle, headerAddress, dataAddress);
    if (result == 1) {
      long at = address(headerAddress);
      if (header == null || Pointer.nativeValue(header) != at) {
        header = new Pointer(at);
      }
      data = new Pointer(address(dataAddress));
    }
    return result;
  }

  /** Waits until there may be packets, at most so long. */
  void await(int timeoutMillis) throws InterruptedException {
    if (descriptor >= 0) {
      Libc.poll(pollEntry, 1, timeoutMillis);
    } else {
      Thread.sleep(Math.min(timeoutMillis, 2));
    }
  }

  long timeMicros() {
    return header.getLong(0) * 1_000_000 + header.getInt(MICROS_OFFSET);
  }

  int captured() {
    return header.getInt(CAPTURED_OFFSET);
  }

  int wireLength() {
    return header.getInt(LENGTH_OFFSET);
  }

  /** Copies bytes of the current packet, which is valid until {@link #next}. */
  void copyTo(byte[] target, int offset, int length) {
    data.read(0, target, offset, length);
  }

  /** libpcap's words for the last failure. */
  String error() {
    return Pcap.pcap_geterr(handle).getString(0);
  }

  private static long address(Memory memory) {
    return Native.POINTER_SIZE == 8 ? memory.getLong(0) : memory.getInt(0) & 0xFFFFFFFFL;
  }

  /** pcap4j keeps the pointer to itself; its field's name is checked by a test. */
  private static Pointer pointerOf(PcapHandle opened) {
    try {
      Field field = PcapHandle.class.getDeclaredField("handle");
      field.setAccessible(true);
      return (Pointer) field.get(opened);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this pcap4j keeps its handle elsewhere", e);
    }
  }
}

package io.sidewire.capture;

import io.sidewire.capture.file.CaptureFileReader;
import io.sidewire.capture.save.Ring;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Chooses packets by a BPF expression, which libpcap compiles for each link type as it comes. */
public final class BpfChoice implements Ring.Choice, AutoCloseable {
  private static final int SNAP_LENGTH = 256 << 10;
  private static final int ETHERNET = 1;

  private record Compiled(PcapHandle handle, BpfProgram program) {}

  private final String expression;
  private final Map<Integer, Compiled> programs = new HashMap<>();

  /** Refuses an expression that libpcap does. */
  public BpfChoice(String expression) {
    this.expression = expression;
    compiled(ETHERNET);
  }

  @Override
  public boolean takes(CaptureFileReader frame) {
    byte[] bytes =
        Arrays.copyOfRange(frame.frame(), frame.offset(), frame.offset() + frame.capturedLength());
    return compiled(frame.linkType())
        .program
        .applyFilter(bytes, frame.wireLength(), frame.capturedLength());
  }

  private Compiled compiled(int linkType) {
    return programs.computeIfAbsent(linkType, this::compile);
  }

  private Compiled compile(int linkType) {
    try {
      PcapHandle handle = Pcaps.openDead(DataLinkType.getInstance(linkType), SNAP_LENGTH);
      try {
        return new Compiled(
            handle,
            handle.compileFilter(
                expression, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN));
      } catch (PcapNativeException | org.pcap4j.core.NotOpenException e) {
        handle.close();
        throw new CaptureException(
            CaptureException.Kind.FILTER,
            "libpcap does not accept the filter \"" + expression + "\": " + e.getMessage()
                + ". The language is that of tcpdump, see man pcap-filter",
            e);
      }
    } catch (PcapNativeException e) {
      throw new CaptureException(
          CaptureException.Kind.FILTER,
          "packets of link type " + linkType + " cannot be filtered: " + e.getMessage(),
          e);
    } catch (LinkageError e) {
      throw Interfaces.noLibrary(e);
    }
  }

  @Override
  public void close() {
    programs.values().forEach(compiled -> {
      compiled.program.free();
      compiled.handle.close();
    });
    programs.clear();
  }
}

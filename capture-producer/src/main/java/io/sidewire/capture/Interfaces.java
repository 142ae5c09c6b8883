package io.sidewire.capture;

import io.sidewire.capture.CaptureException.Kind;
import io.sidewire.rules.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;

/** The interfaces of this host, and what to say when one cannot be captured on. */
public final class Interfaces {
  // Return codes of pcap_activate, see man pcap_activate.
  private static final int NO_SUCH_DEVICE = -5;
  private static final int PERMISSION_DENIED = -8;
  private static final int NOT_UP = -9;
  private static final int PROMISCUOUS_PERMISSION_DENIED = -11;

  private Interfaces() {}

  /**
   * Names of the interfaces that may be captured on; empty where there are none or the user may not know them.
   *
   * @throws CaptureException where libpcap is absent
   */
  public static List<String> names() {
    try {
      return Pcaps.findAllDevs().stream()
          .map(device -> device.getName())
          .filter(name -> !name.startsWith("nf")
              && !name.startsWith("bluetooth")
              && !name.startsWith("usbmon")
              && !name.startsWith("dbus"))
          .toList();
    } catch (PcapNativeException e) {
      return List.of();
    } catch (LinkageError e) {
      throw noLibrary(e);
    }
  }

  /** Refuses a name that is known not to exist. */
  static void check(String name) {
    List<String> names = names();
    if (!names.isEmpty() && !names.contains(name)) {
      throw unknown(name, names);
    }
  }

  /** What libpcap said when it could not open an interface, with the fix. */
  static CaptureException explain(String name, PcapNativeException e) {
    String said = e.getMessage() == null ? "" : e.getMessage();
    int code = e.getReturnCode() == null ? 0 : e.getReturnCode();
    if (code == PERMISSION_DENIED
        || code == PROMISCUOUS_PERMISSION_DENIED
        || said.toLowerCase(Locale.ROOT).contains("permi")) {
      return new CaptureException(Kind.PERMISSION, noPermission(name), e);
    }
    if (code == NO_SUCH_DEVICE || said.contains("No such device")) {
      return unknown(name, names());
    }
    if (code == NOT_UP) {
      return new CaptureException(
          Kind.INTERFACE, "interface " + name + " is down: sudo ip link set " + name + " up", e);
    }
    return new CaptureException(
        Kind.INTERFACE, "capture on " + name + " is not possible: " + said, e);
  }

  static CaptureException noLibrary(LinkageError e) {
    return new CaptureException(
        Kind.LIBRARY,
        "libpcap is not installed, and live capture needs it: sudo apt-get install -y libpcap0.8"
            + " (Debian, Ubuntu), sudo dnf install -y libpcap (Fedora), brew install libpcap"
            + " (macOS). Capture files are read without it",
        e);
  }

  /** The message for a user without the right to capture; its command was tried. */
  static String noPermission(String name) {
    return "this user may not capture on " + name + ". Run it with the two capabilities that this"
        + " needs, and no more:\n  " + permissionFix();
  }

  /** The command that runs this program for the same user with ambient NET_RAW and NET_ADMIN. */
  public static String permissionFix() {
    return "sudo setpriv --reuid=$(id -u) --regid=$(id -g) --init-groups"
        + " --inh-caps=+net_raw,+net_admin --ambient-caps=+net_raw,+net_admin -- "
        + command();
  }

  private static CaptureException unknown(String name, List<String> names) {
    String hint = names.isEmpty()
        ? ""
        : Nearest.of(name, names) == null
            ? ". There are: " + String.join(", ", names)
            : "; did you mean " + Nearest.of(name, names) + "? There are: "
                + String.join(", ", names);
    return new CaptureException(Kind.INTERFACE, "no interface " + name + hint);
  }

  /** The command that was typed: the launcher passes it on, else that of this JVM. */
  private static String command() {
    String launcher = System.getProperty("sidewire.command");
    if (launcher != null) {
      return launcher;
    }
    ProcessHandle.Info info = ProcessHandle.current().info();
    String program = info.command().orElse("java");
    String arguments = Arrays.stream(info.arguments().orElse(new String[] {"-jar", "…"}))
        .map(Interfaces::quoted)
        .collect(Collectors.joining(" "));
    return program + " " + arguments;
  }

  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_./:=,@%+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}

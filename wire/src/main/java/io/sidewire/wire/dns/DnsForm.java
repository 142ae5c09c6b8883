package io.sidewire.wire.dns;

/** Says whether a datagram has the form of DNS, for those who only need to know that. */
public final class DnsForm {
  private DnsForm() {}

  /** @param cut bytes behind these were not captured */
  public static boolean is(byte[] bytes, int offset, int length, boolean cut) {
    return DnsMessage.parse(bytes, offset, length, false, cut) != null;
  }
}

package io.sidewire.wire.link;

/** What {@link PacketDecoder} found in one frame; mutated in place, valid until the next decode. */
public final class DecodedFrame {
  public static final int MAX_LAYERS = 8;

  public final IpLayer[] layers = new IpLayer[MAX_LAYERS];

  /** IP layers found; 0: see {@link #reason}. */
  public int layerCount;

  public final int[] vlans = new int[8];
  public int vlanCount;

  /** With no layer: true where IP was begun and could not be read, false where this is not IP. */
  public boolean malformed;

  /** With no layer: a short name, e.g. arp, llc, ip_header_truncated. */
  public String reason;

  public DecodedFrame() {
    for (int i = 0; i < MAX_LAYERS; i++) {
      layers[i] = new IpLayer();
    }
  }
}

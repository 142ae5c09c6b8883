package io.sidewire.wire.link;

/** What {@link PacketDecoder} found in one frame; mutated in place, valid until the next decode. */
public final class DecodedFrame {
  public static final int MAX_LAYERS = 8;
  public static final int MAX_VLANS = 8;

  public final IpLayer[] layers = new IpLayer[MAX_LAYERS];

  /** IP layers found, from the outermost to the innermost; 0: see {@link #reason}. */
  public int layerCount;

  /** Identifiers of the VLAN tags before the first IP layer. */
  public final int[] vlans = new int[MAX_VLANS];

  public int vlanCount;

  /** With no layer: true where IP was begun and could not be read, false where this is not IP. */
  public boolean malformed;

  /** With no layer: a short name, e.g. arp, llc, ip_header_truncated. With layers: null. */
  public String reason;

  /** Why what a tunnel carries was not read, in the same words; null: it was, or there is no tunnel. */
  public String tunnelProblem;

  public DecodedFrame() {
    for (int i = 0; i < MAX_LAYERS; i++) {
      layers[i] = new IpLayer();
    }
  }

  void clear() {
    layerCount = 0;
    vlanCount = 0;
    malformed = false;
    reason = null;
    tunnelProblem = null;
  }

  void addVlan(int id) {
    if (layerCount == 0 && vlanCount < MAX_VLANS) {
      vlans[vlanCount++] = id;
    }
  }

  /** The next layer, blank; null where there are too many. */
  IpLayer addLayer() {
    if (layerCount == MAX_LAYERS) {
      return null;
    }
    IpLayer layer = layers[layerCount++];
    layer.clear();
    return layer;
  }
}

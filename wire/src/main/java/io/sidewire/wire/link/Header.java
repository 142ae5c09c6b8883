package io.sidewire.wire.link;

/** What stands at the cursor, as the header before it said. */
enum Header {
  /** A link-layer header; its DLT is in {@link Cursor#number}. */
  LINK,
  ETHERNET,
  /** What an EtherType names; the type is in {@link Cursor#number}. */
  ETHER_TYPE,
  /** IEEE 802.2, perhaps with SNAP. */
  LLC,
  /** PPP without its HDLC address and control. */
  PPP,
  MPLS,
  /** IPv4 or IPv6, told apart by the version nibble. */
  IP,
  IPV4,
  IPV6,
  /** What an IP protocol number names; the number is in {@link Cursor#number}. */
  PROTOCOL,
  GRE,
  /** Nothing more to read, for a good reason or a recorded one. */
  DONE
}

/**
 * Frames to IP layers.
 *
 * <pre>
 * {@link io.sidewire.wire.link.PacketDecoder}   asks each header what comes next, until nothing does
 *   LinkHeaders    link types      Ethernet, SLL, SLL2, NULL, LOOP, RAW, NFLOG, PKTAP, PFLOG, PPI, ...
 *   MacHeaders     EtherTypes      VLAN, QinQ, 802.2, SNAP, Cisco metadata, VN-Tag, FabricPath, DSA, ...
 *   PointToPoint   serial, labels  PPP, PPPoE, Cisco HDLC, frame relay, MPLS with pseudo-wires
 *   WifiHeaders    802.11          data frames in clear, behind radiotap, Prism or AVS
 *   IpHeaders      IPv4, IPv6      extension headers, fragments ({@code Fragments}, {@code Datagram})
 *   Transport      TCP, UDP, ...   ports, fields, where the payload lies
 *   Tunnels        in IP, in UDP   GRE, ERSPAN, EtherIP; VXLAN, Geneve, GTP-U, Teredo, L2TP, AYIYA, LISP
 * </pre>
 *
 * <p>What is not read has a reason, so that it is counted and not guessed at: {@code DecodedFrame.reason} where there is
 * no IP layer, {@code DecodedFrame.tunnelProblem} inside a tunnel, {@code IpLayer.transportProblem} behind an IP header.
 * Reasons are a closed list of constants; they end in {@code _truncated} where bytes are missing, in {@code _invalid}
 * where a field cannot be, in {@code _unknown} where a number has no reader here.
 */
package io.sidewire.wire.link;

package io.sidewire.wire.flow;

import io.sidewire.wire.Limits;
import io.sidewire.wire.tcp.ReassemblyRules;
import io.sidewire.wire.tls.decrypt.Decryption;

/**
 * What all flows of one analyzer share.
 *
 * @param addresses room to write the two addresses of a flow
 * @param excerpts null: nothing of what is said is kept
 */
record FlowContext(
    WireListener listener,
    Limits limits,
    ReassemblyRules rules,
    CommunityId communityId,
    byte[] addresses,
    Decryption decryption,
    ExcerptListener excerpts) {

  FlowContext(
      WireListener listener, Limits limits, Decryption decryption, ExcerptListener excerpts) {
    this(
        listener,
        limits,
        ReassemblyRules.of(limits.reassemblyBytesFlow(), limits.reassemblyBytesTotal()),
        new CommunityId(),
        new byte[32],
        decryption,
        excerpts);
  }
}

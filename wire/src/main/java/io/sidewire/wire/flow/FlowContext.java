package io.sidewire.wire.flow;

import io.sidewire.wire.Limits;
import io.sidewire.wire.tcp.ReassemblyRules;

/**
 * What all flows of one analyzer share.
 *
 * @param addresses room to write the two addresses of a flow
 */
record FlowContext(
    WireListener listener,
    Limits limits,
    ReassemblyRules rules,
    CommunityId communityId,
    byte[] addresses) {

  FlowContext(WireListener listener, Limits limits) {
    this(
        listener,
        limits,
        ReassemblyRules.of(limits.reassemblyBytesFlow(), limits.reassemblyBytesTotal()),
        new CommunityId(),
        new byte[32]);
  }
}

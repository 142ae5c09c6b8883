package io.sidewire.capture.save;

/** A frame on its way to a file; its bytes are its own. */
final class SavedFrame {
  final int linkType;
  final byte[] bytes;
  final int wireLength;
  final long timeMicros;
  int length;

  // Of a frame whose payload waits for its stream to be decided.
  MaskedFlow flow;
  int side;
  int sequence;
  int payloadOffset;
  int payloadLength;
  int transportOffset;
  long heldSince;
  boolean decided = true;

  SavedFrame(int linkType, byte[] bytes, int wireLength, long timeMicros) {
    this.linkType = linkType;
    this.bytes = bytes;
    this.length = bytes.length;
    this.wireLength = wireLength;
    this.timeMicros = timeMicros;
  }

  /** Sequence number behind the payload. */
  int end() {
    return sequence + payloadLength;
  }

  /** Zeros a range; {@code checksumAt} is the place of the checksum over it, -1: none. */
  void zero(int from, int to, int origin, int checksumAt) {
    int before = Checksum.sum(bytes, from, to, origin);
    java.util.Arrays.fill(bytes, from, to, (byte) 0);
    if (checksumAt >= 0) {
      Checksum.update(bytes, checksumAt, before, 0);
    }
  }

  /** Replaces the payload of a TCP segment by what is decided of it. */
  void replace(MaskedBytes masked) {
    int to = payloadOffset + payloadLength;
    int before = Checksum.sum(bytes, payloadOffset, to, transportOffset);
    masked.copyTo(sequence, bytes, payloadOffset, payloadLength);
    int after = Checksum.sum(bytes, payloadOffset, to, transportOffset);
    Checksum.update(bytes, transportOffset + 16, before, after);
    decided = true;
    flow = null;
  }
}

package io.sidewire.wire.tls;

import io.sidewire.wire.Side;

/** Takes what a TLS connection shows without its keys: hellos, and the direction, size and time of records. */
interface RecordWatch {
  /** The connection is read from its beginning, even where its hellos cannot be. */
  void handshakeBegan();

  void clientHello(Hello hello, long time);

  void serverHello(ServerHelloMessage answer, Hello hello, long time);

  /** A record of type handshake, clear or not. */
  void handshakeRecord(Side side);

  /** An application-data record is over; its first byte came at {@code start}. */
  void record(Side side, int length, long start, long end);

  /** Bytes of this side are missing, inside a record or beyond. */
  void onGap(Side side);

  /** Records of this side may be missing. */
  void recordsLost(Side side);

  void onTime(long now);

  void onEnd(Side side);

  void onFlowEnd(long time);
}

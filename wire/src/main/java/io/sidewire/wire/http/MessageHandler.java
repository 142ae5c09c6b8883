package io.sidewire.wire.http;

import io.sidewire.wire.Anomaly;

/** Takes the messages of a direction from its {@link HttpParser}, and knows what depends on the other direction. */
interface MessageHandler {

  /** How a message ended. */
  enum Ending {
    WHOLE,
    /** Its end was not seen: it lies in a gap, or in bytes that could not be read. */
    LOST,
    /** The connection ended in the middle of it. */
    CLOSED
  }

  /** Why HTTP is over. */
  enum Handover {
    /** A request to CONNECT was granted. */
    TUNNEL,
    /** 101. */
    UPGRADE,
    /** The client speaks TLS where a request should be. */
    TLS,
    /** The client spoke the preface of HTTP/2; its first line was taken. */
    HTTP2
  }

  /** A head is complete, or as complete as it will be: says how the message is framed. */
  Framing head(HttpHead head, Message message);

  /** Bytes of the body, without framing. */
  void body(byte[] bytes, int offset, int length, long time);

  /** {@code missing} bytes of the body will never come. */
  void bodyGap(long missing);

  /** The message is over. */
  void end(Message message, Ending ending);

  /** Bytes were skipped in which messages may have been; {@code gap}: they were not captured. */
  void lost(long time, boolean gap);

  /** What follows in this direction is another protocol. */
  void handedOver(Handover why);

  void odd(long time, Anomaly kind);

  /** The message that comes next has no head, because the request was HTTP/0.9. */
  default boolean headless() {
    return false;
  }
}

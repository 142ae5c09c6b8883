package io.sidewire.capture.save;

import java.nio.file.Path;

/**
 * Where and how captures are saved.
 *
 * @param folder null: nowhere
 * @param maxBytes most bytes of all files together; the oldest go first
 * @param maxFiles most files
 * @param rotateBytes a file as long as this is followed by the next
 * @param rotateSeconds a file open for so long is followed by the next
 * @param queueBytes frames that wait to be written; more of a live capture are dropped and counted
 * @param maxAgeSeconds a file whose last packet was written so long ago is deleted
 */
public record SaveSettings(
    Path folder,
    Content content,
    long maxBytes,
    int maxFiles,
    long rotateBytes,
    long rotateSeconds,
    int queueBytes,
    long maxAgeSeconds) {
  /** Age at which no file is deleted. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  /** What of each packet is saved. */
  public enum Content {
    MASKED,
    /** Packets as they are, with every secret in them. */
    RAW,
    /** Up to the transport's header. */
    HEADERS
  }
}

package io.sidewire.capture;

import java.util.Map;

/**
 * One run of packets with a clock and a sequence of its own: a live capture, or one capture file.
 *
 * @param host name of the host in every record; for a file {@code file:} and its base name
 * @param epoch start id of a live capture, or a hash of the file's content
 * @param file true for a capture file, whose clock is that of its packets alone
 * @param settings what {@code hosts} shows of this capture
 */
public record CaptureInput(String host, String epoch, boolean file, Map<String, String> settings) {}

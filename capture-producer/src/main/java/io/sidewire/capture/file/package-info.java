/**
 * Capture files, read without libpcap.
 *
 * <pre>
 * {@link io.sidewire.capture.file.CaptureFileReader}   opens, recognises, hands out packet after packet, names damage
 *   PcapFormat     both byte orders, micro- and nanoseconds, Kuznetzov's modification, lengths of versions before 2.4
 *   PcapngFormat   sections, interfaces with their units of time, packet blocks of three kinds, statistics, secrets
 *   Window         the part of the file that is in memory
 *   Signatures     what a file is that is neither, and how to convert it
 * </pre>
 */
package io.sidewire.capture.file;

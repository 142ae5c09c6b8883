package io.sidewire.capture.keylog;

import io.sidewire.capture.file.CaptureFileReader;
import io.sidewire.wire.Limits;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.flow.PacketView;
import io.sidewire.wire.flow.WireAnalyzer;
import io.sidewire.wire.flow.WireListener;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a capture file for what is observed in it, and nothing else. */
abstract class WireReading implements WireListener {
  final void read(Path file, Decryption decryption) throws IOException {
    var analyzer = new WireAnalyzer("h", Limits.DEFAULT, this, decryption);
    try (var reader = CaptureFileReader.open(file)) {
      while (reader.next()) {
        analyzer.packet(
            reader.linkType(),
            reader.frame(),
            reader.offset(),
            reader.capturedLength(),
            reader.wireLength(),
            reader.timeMicros());
      }
    }
    analyzer.end();
  }

  @Override
  public void flowStarted(FlowView flow) {}

  @Override
  public void packet(FlowView flow, PacketView packet) {}

  @Override
  public void flowTurned(FlowView flow) {}

  @Override
  public void flowEnded(FlowView flow, long timeMicros) {}

  @Override
  public void unflowed(long timeMicros, int frameBytes, boolean malformed, String reason) {}
}

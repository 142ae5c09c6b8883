package io.sidewire.capture;

import io.sidewire.rules.Nearest;
import java.util.Arrays;
import java.util.Locale;

/** What a capture is for; narrows what is captured where that loses nothing of it. */
public enum Mode {
  /** Model endpoints of Azure OpenAI: TLS or QUIC on port 443, and DNS for their names. */
  AZURE("port 443 or port 53"),
  /** Model endpoints on any port, for local ones are known by content; of UDP only QUIC and DNS. */
  LLM("tcp or udp port 443 or udp port 53"),
  /** MCP servers on any port, for they are known by content; of UDP only DNS. */
  MCP("tcp or udp port 53"),
  /** Everything. */
  ALL("");

  private final String filter;

  Mode(String filter) {
    this.filter = filter;
  }

  /** The mode as a BPF expression; empty for everything. */
  public String filter() {
    return filter;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException for another mode, naming the nearest */
  public static Mode parse(String text) {
    for (Mode mode : values()) {
      if (mode.text().equals(text.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    var known = Arrays.stream(values()).map(Mode::text).toList();
    throw new IllegalArgumentException("no mode " + text + Nearest.hint(text, known));
  }
}

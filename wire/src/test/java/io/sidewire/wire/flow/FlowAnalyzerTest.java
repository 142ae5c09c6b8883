package io.sidewire.wire.flow;

import static io.sidewire.wire.http.Talk.talk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Side;
import io.sidewire.wire.http.Talk;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a flow is taken for, by its bytes: TLS wherever it begins, HTTP wherever it begins, and nothing else for either. */
class FlowAnalyzerTest {

  /** The least client hello: version, random, no session, one cipher suite, no compression. */
  private static byte[] hello() {
    byte[] body = new byte[41];
    body[0] = 3;
    body[1] = 3;
    body[36] = 2; // cipher suites
    body[37] = 0x13;
    body[38] = 1;
    body[39] = 1; // compression methods
    return join(new byte[] {0x16, 3, 1, 0, 45, 1, 0, 0, 41}, body);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return Frames.ascii(text);
  }

  private static List<String> contents(Talk talk) {
    return talk.seenOf("content", "ClientHello");
  }

  private static final List<String> TLS = List.of("content tls", "ClientHello");

  @Test
  void tlsFromTheStart() {
    assertThat(contents(talk().client(hello()))).isEqualTo(TLS);
  }

  @Test
  void tlsBehindAnotherProtocol() {
    assertThat(contents(talk()
            .server("220 mail ESMTP\r\n")
            .client("EHLO me\r\n")
            .server("250-mail\r\n250 STARTTLS\r\n")
            .client("STARTTLS\r\n")
            .server("220 go\r\n")
            .client(hello())))
        .isEqualTo(TLS);
    assertThat(contents(talk().client(join(ascii("STARTTLS\r\n"), hello())))).isEqualTo(TLS);
    assertThat( // PostgreSQL
            contents(talk()
                .client(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f})
                .server("S")
                .client(hello())))
        .isEqualTo(TLS);
    byte[] mysql = new byte[36];
    mysql[0] = 32;
    mysql[3] = 1;
    assertThat(contents(talk().server("greeting\0").client(join(mysql, hello()))))
        .isEqualTo(TLS);
  }

  @Test
  void tlsBehindEveryProtocolThatMayTurnToIt() {
    byte[] ldap = Frames.hex("301d02010177188016312e332e362e312e342e312e313436362e3230303337");
    byte[] ldapDone = Frames.hex("300c02010178070a010004000400");
    byte[] tpkt = Frames.hex("03000013 0ee0000000000001 00080003000000");
    List<Talk> talks = List.of(
        talk().server("* OK IMAP4rev1\r\n").client("a1 STARTTLS\r\n").server("a1 OK\r\n"),
        talk().server("+OK POP3\r\n").client("STLS\r\n").server("+OK\r\n"),
        talk().server("220 FTP\r\n").client("AUTH TLS\r\n").server("234 go\r\n"),
        talk().server("200 NNTP\r\n").client("STARTTLS\r\n").server("382 go\r\n"),
        talk().server("\"IMPLEMENTATION\" \"sieve\"\r\n").client("STARTTLS\r\n").server("OK\r\n"),
        talk()
            .client("<stream:stream xmlns='jabber:client'>")
            .server("<stream:features><starttls/></stream:features>")
            .client("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            .server("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        talk().client(ldap).server(ldapDone),
        talk().client(tpkt).server(tpkt)); // RDP
    for (int i = 0; i < talks.size(); i++) {
      assertThat(contents(talks.get(i).client(hello()))).as("protocol " + i).isEqualTo(TLS);
    }
  }

  @Test
  void tlsThroughAProxy() {
    assertThat(contents(talk()
            .client(join(ascii("CONNECT a:443 HTTP/1.1\r\n\r\n"), hello()))
            .server("HTTP/1.1 200 OK\r\n\r\n")))
        .containsExactly("content http", "content tls", "ClientHello");
    assertThat(contents(talk().client(join(ascii("CONNECT a:443 HTTP/1.1\r\n\r\n"), hello()))))
        .as("the answer was not captured")
        .containsExactly("content http", "content tls", "ClientHello");
    assertThat( // SOCKS5
            contents(talk()
                .client(new byte[] {5, 1, 0})
                .server(new byte[] {5, 0})
                .client(new byte[] {5, 1, 0, 1, 10, 0, 0, 1, 1, (byte) 0xbb})
                .server(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
                .client(hello())))
        .isEqualTo(TLS);
  }

  @Test
  void tlsWhoseBeginningWasNotCaptured() {
    byte[] record = join(new byte[] {0x17, 3, 3, 0, 20}, new byte[20]);
    assertThat(contents(talk().client(record).server(record))).containsExactly("content tls");
    assertThat(contents(talk().server(new byte[] {9, 9, 9}).client(record).server(record)))
        .containsExactly("content tls");
  }

  @Test
  void neverAFalseTls() {
    byte[] hello = hello();
    for (byte[] other : List.of(
        ascii("SSH-2.0-OpenSSH_9\r\n"),
        new byte[] {0x16, 3, 1},
        new byte[] {0x16, 3, 1, 0, 45, 2, 0, 0, 41, 3, 3},
        new byte[] {0x16, 3, 9, 0, 45, 1, 0, 0, 41, 3, 3},
        join(new byte[] {0x16}, ascii(" is not TLS, nor is it anything else")),
        join(ascii("x"), hello),
        join(new byte[] {0, 0, 0, 54}, hello))) {
      assertThat(contents(talk().client(other).server("whatever"))).isEmpty();
    }
  }

  @Test
  void neverAFalseHttp() {
    for (String other : List.of(
        "SSH-2.0-OpenSSH_9\r\n",
        "OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "OPTIONS sip:a@h SIP/2.0\r\nVia: x\r\n\r\n",
        "REQMOD icap://h/x ICAP/1.0\r\n\r\n",
        "get key\r\n",
        "GET key\r\n",
        "HEAD\r\n",
        "POST\r\n",
        "USER anonymous\r\n",
        "NICK bob\r\nUSER bob 0 * :Bob\r\n",
        "PUT x\r\n",
        "HELO h\r\n",
        "ICY 200 OK\r\n\r\n",
        "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n",
        "HTTP\r\n",
        "HTTP/x.y 200 OK\r\n\r\n",
        "this is a text about GET / HTTP/1.1 and more\r\n",
        "M-SEARCH * HTTPU/1.1\r\n")) {
      assertThat(contents(talk().client(other).server("whatever\r\n")))
          .as(other)
          .isEmpty();
      assertThat(contents(talk().server(other).client("whatever\r\n")))
          .as(other)
          .isEmpty();
    }
  }

  @Test
  void aTextAboutHttpIsNone() {
    String dump = "Here is what I sent:\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\nand got\r\n"
        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n.\r\n";
    assertThat(talk()
            .server("220 mail\r\n")
            .client("DATA\r\n")
            .server("354 go\r\n")
            .client("Subject: x\r\n\r\n" + dump)
            .server("250 ok\r\n")
            .seen())
        .isEmpty();
    assertThat(talk().client("RETR 1\r\n").server("+OK\r\n" + dump).seen()).isEmpty();
  }

  @Test
  void aCaptureOfOneSideMayBeginInsideABody() {
    String request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    assertThat(talk().client("{\"a\":1}" + request + request).seenOf("request"))
        .containsExactly(
            "request #0 GET /a http/1.1 at 0-0 bytes 28 body 0",
            "request #1 GET /a http/1.1 at 0-0 bytes 28 body 0");
  }

  @Test
  void randomBytesAreNothing() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(600)];
      random.nextBytes(bytes);
      Talk talk = talk().client(bytes).server(bytes);
      assertThat(talk.observations()).isEmpty();
    }
  }

  @Test
  void httpBehindSomethingElse() {
    assertThat(talk()
            .client(new byte[] {5, 1, 0})
            .server(new byte[] {5, 0})
            .client("GET / HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .seenOf("content", "answer"))
        .containsExactly("content http", "answer #0 200 at 3");
  }

  @Test
  void aSnapLengthMayCutEachPacket() {
    // Of each packet only the beginning is there: what a start line or a record header says is
    // known.
    assertThat(talk()
            .client("POST /api/chat HTTP/1.1\r\nHost: loc")
            .clientLost(400)
            .server("HTTP/1.1 200 OK\r\nContent-T")
            .serverLost(900)
            .client("POST /api/generate HTTP/1.1\r\nHost")
            .clientLost(300)
            .server("HTTP/1.1 404 No\r\nContent-T")
            .serverLost(100)
            .seenOf("request", "answer"))
        .containsExactly(
            "request #0 POST /api/chat http/1.1 at 0-0 bytes 25 body null incomplete",
            "answer #0 200 at 2",
            "request #1 POST /api/generate http/1.1 at 4-4 bytes 29 body null incomplete",
            "answer #1 404 at 6");
    byte[] start = Arrays.copyOf(hello(), 50);
    assertThat(talk().client(start).clientLost(4).server("x").seenOf("content"))
        .containsExactly("content tls");
  }

  @Test
  void dnsOverTcpByPort() {
    byte[] query = join(
        new byte[] {0, 19, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}, new byte[] {1, 'a', 0, 0, 1, 0, 1});
    assertThat(talk().port(53).client(query).seenOf("content")).containsExactly("content dns");
    assertThat(talk()
            .port(53)
            .client("GET / HTTP/1.1\r\n\r\n")
            .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .seenOf("content"))
        .containsExactly("content http");
  }

  @Test
  void theCallerMayLearnWhoIsTheClient() {
    FlowAnalyzer flow = new FlowAnalyzer(Limits.DEFAULT, 80, seen -> {});
    byte[] request = ascii("GET / HTTP/1.1\r\n\r\n");
    flow.onData(Side.SERVER, request, 0, request.length, 1, 1);
    assertThat(flow.turned()).isTrue();
    flow.turn();
    assertThat(flow.turned()).isFalse();
    assertThat(flow.clientKnown()).isTrue();
  }

  /** The client's bytes wait to show whether they are TLS, and meanwhile the server's show HTTP. */
  @Test
  void whatHttpTakesForTlsIsHandedOnOnce() {
    List<Observation> seen = new ArrayList<>();
    FlowAnalyzer flow = new FlowAnalyzer(Limits.DEFAULT, 80, seen::add);
    long[] next = {1000, 2000};
    say(flow, Side.CLIENT, ascii("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"), next);
    say(flow, Side.SERVER, ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), next);
    say(flow, Side.CLIENT, new byte[] {0x16, 3, 1}, next);
    say(flow, Side.SERVER, ascii("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"), next);
    say(flow, Side.CLIENT, ascii("\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"), next);
    say(flow, Side.SERVER, ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), next);
    flow.onFlowEnd(9);
    assertThat(flow.handovers()).isEqualTo(1);
    assertThat(seen.stream()
            .filter(Observation.Request.class::isInstance)
            .map(each -> ((Observation.Request) each).target()))
        .containsExactly("/a", "/b");
  }

  private static void say(FlowAnalyzer flow, Side from, byte[] bytes, long[] next) {
    flow.onData(from, bytes, 0, bytes.length, next[0] + next[1], next[from.ordinal()]);
    next[from.ordinal()] += bytes.length;
  }

  /** Whatever the bytes, cuts and gaps: accepted or refused, never anything else, and every exchange ends once. */
  @Test
  void nothingBreaksIt() {
    String[] words = {
      "GET / HTTP/1.1\r\n",
      "POST /v1/chat/completions HTTP/1.1\r\n",
      "CONNECT a:1 HTTP/1.1\r\n",
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 101 X\r\n",
      "HTTP/1.1 100 X\r\n",
      "\r\n",
      "\r\n\r\n",
      "\n",
      "Content-Length: 5\r\n",
      "Content-Length: 99999999999999\r\n",
      "Upgrade: websocket\r\n",
      "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n",
      "\u0081\u0018{\"type\":\"response.done\"}",
      "Transfer-Encoding: chunked\r\n",
      "Content-Type: text/event-stream\r\n",
      "5\r\nhello\r\n",
      "Content-Encoding: gzip\r\n",
      "0\r\n\r\n",
      "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":",
      "{}}\n\n",
      "event: endpoint\n",
      "data: /m?sessionId=x\n\n",
      "[{\"jsonrpc\":\"2.0\",",
      "GET /x\r\n",
      "\"method\":\"tools/call\"}]",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\u0016\u0003\u0001",
      "ffff\r\n",
      "Content-Type: application/vnd.amazon.eventstream\r\n",
      "\0\0\0\u0010\0\0\0\0",
      "STARTTLS\r\n"
    };
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      List<Observation> seen = new ArrayList<>();
      FlowAnalyzer flow =
          new FlowAnalyzer(Limits.DEFAULT, random.nextInt(50) == 0 ? 53 : 80, seen::add);
      long[] next = {1000, 2000};
      for (int i = random.nextInt(60); i >= 0; i--) {
        Side side = Side.values()[random.nextInt(2)];
        int own = side.ordinal();
        switch (random.nextInt(12)) {
          case 0 -> {
            long lost = 1 + random.nextInt(100);
            flow.onGap(side, lost, i);
            next[own] += lost;
          }
          case 1 -> {
            if (random.nextInt(10) == 0) {
              flow.onEnd(side, random.nextBoolean(), i);
            }
          }
          case 2 -> flow.onAcknowledged(side, next[1 - own] + random.nextInt(50) - 25);
          case 3 -> {
            if (flow.turned()) {
              flow.turn();
            }
          }
          default -> {
            byte[] bytes = ascii(words[random.nextInt(words.length)]);
            if (random.nextInt(8) == 0) {
              bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int from = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : 0;
            flow.onData(side, bytes, from, bytes.length - from, i, next[own]);
            next[own] += bytes.length - from;
          }
        }
      }
      flow.onFlowEnd(1_000_000);
      assertThat(flow.handovers()).as("seed %d", seed).isLessThan(20);
      List<Long> begun = new ArrayList<>();
      List<Long> ended = new ArrayList<>();
      for (Observation each : seen) {
        if (each instanceof Observation.Request r && r.protocol().startsWith("http")) {
          begun.add(r.exchange());
        } else if (each instanceof Observation.ResponseEnd r
            && r.evidence() == Observation.Evidence.DECODED) {
          ended.add(r.exchange());
        }
      }
      assertThat(begun).as("seed %d", seed).doesNotHaveDuplicates();
      assertThat(ended).as("seed %d", seed).doesNotHaveDuplicates().containsAll(begun);
    }
  }
}

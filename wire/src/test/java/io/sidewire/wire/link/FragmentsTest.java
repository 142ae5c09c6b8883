package io.sidewire.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.Frames;
import io.sidewire.testkit.Links;
import io.sidewire.wire.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentsTest {
  private static final String TEXT =
      "All that is gold does not glitter, not all who wander are lost";
  private static final byte[] TCP =
      Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80, 7, 9, Frames.ACK, Frames.ascii(TEXT));

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.", "fd00::"})
  void putsFragmentsOfAnyOrderTogether(String net) {
    byte[] ip = Frames.tcp(net + 1, 4000, net + 2, 80, 7, 9, Frames.ACK, Frames.ascii(TEXT));
    int header = net.indexOf(':') < 0 ? 20 : 48;
    for (int size : new int[] {8, 16, 24, 40}) {
      for (int seed = 0; seed < 50; seed++) {
        List<byte[]> fragments = new ArrayList<>(Frames.fragments(ip, seed, size));
        Collections.shuffle(fragments, new Random(seed));
        var sums = new Sums();
        for (int i = 0; i < fragments.size(); i++) {
          sums.take(fragments.get(i));
          IpLayer layer = sums.decoding.layer();
          boolean last = i == fragments.size() - 1;
          assertThat(layer.fragment).isEqualTo(!last);
          assertThat(layer.reassembled).isEqualTo(last);
        }
        assertThat(sums.whole).containsExactly(TEXT);
        assertThat(sums.packets).isEqualTo(fragments.size());
        assertThat(sums.payloadBytes).isEqualTo(TEXT.length());
        int part = ip.length - (header == 20 ? 20 : 40);
        assertThat(sums.ipBytes).isEqualTo(part + header * fragments.size());
        assertThat(sums.abandoned()).isZero();
      }
    }
  }

  @Test
  void tellsThePortsFromTheFirstFragmentOn() {
    List<byte[]> fragments = Frames.fragments(TCP, 3, 24);
    var decoding = new Decoding();
    assertThat(decoding.ethernet(fragments.get(1)).layer().pending).isTrue();
    assertThat(decoding.layer().sourcePort).isEqualTo(-1);
    IpLayer first = decoding.ethernet(fragments.get(0)).layer();
    assertThat(first.pending).isFalse();
    assertThat(first.fragment).isTrue();
    assertThat(first.sourcePort).isEqualTo(4000);
    assertThat(first.releasedCount).isEqualTo(1);
    assertThat(first.releasedTimes[0]).isEqualTo(decoding.timeMicros);
    assertThat(first.releasedIpBytes[0]).isEqualTo(44);
    assertThat(first.releasedFrameBytes[0]).isEqualTo(58);
    assertThat(first.releasedPayloadBytes[0]).isEqualTo(24);
    IpLayer third = decoding.ethernet(fragments.get(2)).layer();
    assertThat(third.pending).isFalse();
    assertThat(third.releasedCount).isZero();
    assertThat(third.sourcePort).isEqualTo(4000);
  }

  @Test
  void readsAHeaderThatIsSplitOverFragments() {
    var sums = new Sums();
    Frames.fragments(TCP, 3, 8).forEach(sums::take);
    assertThat(sums.whole).containsExactly(TEXT);
    assertThat(sums.decoding.layer().tcpFlags).isEqualTo(Frames.ACK);
  }

  @Test
  void keepsTheFirstCopyOfEachByte() {
    byte[] other = TCP.clone();
    for (int i = 40; i < other.length; i++) {
      other[i] = 'x';
    }
    var sums = new Sums();
    sums.take(Frames.fragments(TCP, 3, 32).get(0));
    sums.take(Frames.fragments(other, 3, 48).get(0));
    sums.take(Frames.fragments(TCP, 3, 32).get(2));
    sums.take(Frames.fragments(other, 3, 32).get(1));
    String expected = TEXT.substring(0, 12) + "x".repeat(32) + TEXT.substring(12 + 32);
    assertThat(sums.whole).containsExactly(expected);
  }

  @Test
  void countsRepeatedFragmentsForTheSameFlow() {
    var sums = new Sums();
    List<byte[]> fragments = Frames.fragments(TCP, 3, 32);
    for (byte[] fragment : fragments) {
      sums.take(fragment);
      sums.take(fragment);
    }
    assertThat(sums.whole).containsExactly(TEXT);
    assertThat(sums.packets).isEqualTo(2 * fragments.size());
    assertThat(sums.abandoned()).isZero();
  }

  @Test
  void readsARepeatedDatagramAgain() {
    var sums = new Sums();
    Frames.fragments(TCP, 3, 32).forEach(sums::take);
    Frames.fragments(TCP, 3, 32).forEach(sums::take);
    assertThat(sums.whole).containsExactly(TEXT, TEXT);
  }

  @Test
  void tellsDatagramsApartByIdentificationAndProtocol() {
    byte[] udp = Frames.udp("10.0.0.1", 5, "10.0.0.2", 6, Frames.ascii("0123456789abcdef"));
    var sums = new Sums();
    List<byte[]> one = Frames.fragments(TCP, 3, 48);
    List<byte[]> two = Frames.fragments(TCP, 4, 48);
    List<byte[]> three = Frames.fragments(udp, 3, 16);
    for (int i = 0; i < 2; i++) {
      sums.take(one.get(i));
      sums.take(two.get(i));
      sums.take(three.get(i));
    }
    assertThat(sums.whole).containsExactly(TEXT, TEXT, "0123456789abcdef");
  }

  @Test
  void keepsWireLengthsOfFragmentsThatTheSnapLengthCut() {
    byte[] udp = Frames.udp("10.0.0.1", 5, "10.0.0.2", 6, new byte[2000]);
    List<byte[]> fragments = Frames.fragments(udp, 3, 1480);
    var decoding = new Decoding();
    byte[] first = Links.ethernet(fragments.get(0));
    decoding.cut(1, first, 96, first.length);
    IpLayer whole = decoding.ethernet(fragments.get(1)).layer();
    assertThat(whole.fragment).isFalse();
    assertThat(whole.payloadLength).isEqualTo(2000);
    assertThat(whole.payloadCaptured).isEqualTo(96 - 14 - 28);
  }

  @Test
  void givesUpByPacketTime() {
    var sums = new Sums();
    long began = sums.decoding.timeMicros;
    sums.take(Frames.fragments(TCP, 3, 32).get(1));
    assertThat(sums.packets).isZero();
    sums.decoding.decoder.tick(began + Fragments.TIMEOUT_MICROS);
    assertThat(sums.decoding.decoder.pollAbandoned(new HeldFragment())).isFalse();
    sums.decoding.decoder.tick(began + Fragments.TIMEOUT_MICROS + 1);
    var held = new HeldFragment();
    assertThat(sums.decoding.decoder.pollAbandoned(held)).isTrue();
    assertThat(held.timeMicros).isEqualTo(began);
    assertThat(held.frameBytes).isEqualTo(66);
    assertThat(held.ipBytes).isEqualTo(52);
    assertThat(held.level).isZero();
    assertThat(sums.decoding.decoder.pollAbandoned(held)).isFalse();
  }

  @Test
  void losesNoFragmentInAFlood() {
    Limits limits = fragmentBytes(100_000);
    var sums = new Sums(limits);
    byte[] udp = Frames.udp("10.0.0.1", 5, "10.0.0.2", 6, new byte[8000]);
    int taken = 0;
    for (int id = 0; id < 2000; id++) {
      List<byte[]> fragments = Frames.fragments(udp, id, 1000);
      sums.take(fragments.get(1 + id % 7));
      taken++;
    }
    assertThat(sums.decoding.decoder.fragmentBytes()).isLessThanOrEqualTo(100_000);
    int early = sums.polled();
    assertThat(early).isPositive();
    assertThat(early + sums.abandoned()).isEqualTo(taken);
    assertThat(sums.decoding.decoder.fragmentBytes()).isZero();
  }

  @Test
  void boundsFragmentsOfOneDatagram() {
    var sums = new Sums();
    byte[] fragment = Frames.fragments(TCP, 3, 32).get(1);
    for (int i = 0; i < 5000; i++) {
      sums.take(fragment);
    }
    assertThat(sums.decoding.decoder.fragmentBytes()).isLessThan(100_000);
    assertThat(sums.polled() + sums.abandoned()).isEqualTo(5000);
  }

  @Test
  void ignoresBytesBeyondTheLargestDatagram() {
    byte[] ip = Frames.ipv4("10.0.0.1", "10.0.0.2", 1, 9, 65528, false, new byte[0], new byte[400]);
    var decoding = new Decoding().ethernet(ip);
    assertThat(decoding.layer().fragment).isTrue();
    assertThat(decoding.decoder.fragmentBytes()).isLessThan(10_000);
  }

  @Test
  void findsPortsBehindExtensionHeadersOfTheFirstFragment() {
    byte[] tcp = Frames.tcp("fd00::1", 4000, "fd00::2", 80, 7, 9, Frames.ACK, Frames.ascii(TEXT));
    byte[] payload =
        Frames.concat(Frames.hex("06 00 010400000000"), Frames.slice(tcp, 40, tcp.length));
    byte[] ip = Frames.ipv6("fd00::1", "fd00::2", 60, payload);
    var sums = new Sums();
    List<byte[]> fragments = Frames.fragments(ip, 3, 40);
    sums.take(fragments.get(1));
    sums.take(fragments.get(0));
    assertThat(sums.decoding.layer().sourcePort).isEqualTo(4000);
    assertThat(sums.decoding.layer().protocol).isEqualTo(6);
    sums.take(fragments.get(2));
    assertThat(sums.whole).containsExactly(TEXT);
    assertThat(sums.payloadBytes).isEqualTo(TEXT.length());
  }

  static Limits fragmentBytes(int bytes) {
    Limits d = Limits.DEFAULT;
    return new Limits(
        d.flows(),
        d.reassemblyBytesFlow(),
        d.reassemblyBytesTotal(),
        bytes,
        d.startLine(),
        d.headBytes(),
        d.headerCount(),
        d.bodyPeek(),
        d.sseEvent(),
        d.jsonDepth(),
        d.inflateRatio(),
        d.pipelined(),
        d.handshakeBytes(),
        d.quicCryptoBytes(),
        d.rpcBatch(),
        d.nameBytes(),
        d.http2Streams(),
        d.http2HeaderTable(),
        d.http2Continuations(),
        d.http2Resets(),
        d.http2Control());
  }

  /** What a flow table would add up. */
  private static final class Sums {
    final Decoding decoding;
    final List<String> whole = new ArrayList<>();
    int packets;
    int ipBytes;
    int payloadBytes;

    Sums() {
      this(Limits.DEFAULT);
    }

    Sums(Limits limits) {
      decoding = new Decoding(limits);
    }

    void take(byte[] ip) {
      decoding.ethernet(ip);
      IpLayer layer = decoding.layer();
      decoding.timeMicros++;
      if (layer.pending) {
        return;
      }
      packets += 1 + layer.releasedCount;
      ipBytes += layer.ipBytes;
      payloadBytes += layer.payloadBytes;
      for (int i = 0; i < layer.releasedCount; i++) {
        ipBytes += layer.releasedIpBytes[i];
        payloadBytes += layer.releasedPayloadBytes[i];
      }
      if (!layer.fragment) {
        whole.add(Decoding.payload(layer));
      }
    }

    int polled() {
      var held = new HeldFragment();
      int count = 0;
      while (decoding.decoder.pollAbandoned(held)) {
        count++;
      }
      return count;
    }

    int abandoned() {
      decoding.decoder.end();
      return polled();
    }
  }
}

package io.sidewire.capture.file;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.testkit.CaptureFiles;
import io.sidewire.testkit.Frames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureFileReaderTest {
  private static final int MICROS = 0xa1b2c3d4;
  private static final int NANOS = 0xa1b23c4d;
  private static final int MODIFIED = 0xa1b2cd34;
  private static final byte[] A = Frames.ascii("first frame");
  private static final byte[] B = Frames.ascii("second");

  @TempDir
  Path folder;

  // --- pcap ---

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsPcapOfEitherByteOrderAndPrecision(boolean big) throws IOException {
    ByteOrder order = big ? BIG_ENDIAN : LITTLE_ENDIAN;
    var micros = CaptureFiles.pcap(order, MICROS, 65535, 113);
    assertThat(read(micros.record(5, 7, A, 11).record(6, 999_999, B, 1500).bytes()))
        .containsExactly(
            "113 first frame of 11 at 5000007 on 0", "113 second of 1500 at 6999999 on 0");
    var nanos = CaptureFiles.pcap(order, NANOS, 65535, 1);
    assertThat(read(nanos.record(5, 999_999_999, A, 11).bytes()))
        .containsExactly("1 first frame of 11 at 5999999 on 0");
    var modified = CaptureFiles.pcap(order, MODIFIED, 65535, 1);
    assertThat(
            read(modified.modifiedRecord(5, 7, A, 11).modifiedRecord(6, 8, B, 6).bytes()))
        .containsExactly("1 first frame of 11 at 5000007 on 0", "1 second of 6 at 6000008 on 0");
  }

  @Test
  void readsTimesBeyond2038() throws IOException {
    var file = CaptureFiles.pcap(LITTLE_ENDIAN, MICROS, 65535, 1).record(-1, 5, A, 11);
    assertThat(read(file.bytes())).containsExactly("1 first frame of 11 at 4294967295000005 on 0");
  }

  @Test
  void takesTheLinkTypeWithoutTheLengthOfTheCheckSequence() throws IOException {
    var file = CaptureFiles.pcap(LITTLE_ENDIAN, MICROS, 65535, 0x24000001).record(5, 7, A, 11);
    assertThat(read(file.bytes())).containsExactly("1 first frame of 11 at 5000007 on 0");
  }

  @Test
  void readsLengthsOfOldVersionsTheRightWayRound() throws IOException {
    byte[] file =
        CaptureFiles.pcap(LITTLE_ENDIAN, MICROS, 65535, 1).record(5, 7, A, 40).bytes();
    file[6] = 3;
    assertThat(read(file)).containsExactly("1 first frame of 40 at 5000007 on 0");
    ByteBuffer.wrap(file).order(LITTLE_ENDIAN).putInt(32, 40).putInt(36, 11);
    assertThat(read(file)).containsExactly("1 first frame of 40 at 5000007 on 0");
    file[6] = 2;
    assertThat(read(file)).containsExactly("1 first frame of 40 at 5000007 on 0");
  }

  @Test
  void takesAWireLengthBelowTheCapturedForThat() throws IOException {
    var file = CaptureFiles.pcap(LITTLE_ENDIAN, MICROS, 65535, 1).record(5, 7, A, 0);
    assertThat(read(file.bytes())).containsExactly("1 first frame of 11 at 5000007 on 0");
  }

  @Test
  void endsAtAPacketThatCannotBe() throws IOException {
    byte[] file = CaptureFiles.pcap(LITTLE_ENDIAN, MICROS, 65535, 1)
        .record(5, 7, A, 11)
        .record(6, 8, B, 6)
        .bytes();
    ByteBuffer.wrap(file).order(LITTLE_ENDIAN).putInt(24 + 27 + 8, 0x7fffffff);
    assertThat(read(file))
        .containsExactly(
            "1 first frame of 11 at 5000007 on 0",
            "test: the record at byte 51 claims a packet of 2147483647 bytes;"
                + " 1 packet before it was read");
  }

  // --- pcapng ---

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsEveryKindOfPacketBlock(boolean big) throws IOException {
    var file = CaptureFiles.pcapng(LITTLE_ENDIAN).section(big ? BIG_ENDIAN : LITTLE_ENDIAN);
    byte[] bytes = file.interfaceDescription(1, 0)
        .block(0x0bad, new byte[20])
        .interfaceDescription(113, 8, file.option(2, Frames.ascii("eth1")))
        .enhanced(1, 5_000_007, A, 40)
        .obsolete(0, 6_000_008, B, 6)
        .simple(A, 11)
        .block(5, new byte[12])
        .bytes();
    assertThat(read(bytes))
        .containsExactly(
            "113 first frame of 40 at 5000007 on 1",
            "1 second of 6 at 6000008 on 0",
            "1 first frame of 11 at 6000008 on 0");
  }

  @Test
  void cutsASimplePacketAtTheSnapLength() throws IOException {
    var file = CaptureFiles.pcapng(LITTLE_ENDIAN).section(LITTLE_ENDIAN).interfaceDescription(1, 5);
    assertThat(read(file.simple(Frames.ascii("first"), 90).bytes()))
        .containsExactly("1 first of 90 at 0 on 0");
  }

  @Test
  void readsSectionsOfDifferentByteOrderWithInterfacesOfTheirOwn() throws IOException {
    var file = CaptureFiles.pcapng(LITTLE_ENDIAN).section(LITTLE_ENDIAN).interfaceDescription(1, 0);
    file.enhanced(0, 1, A, 11).section(BIG_ENDIAN).interfaceDescription(276, 0);
    assertThat(read(file.enhanced(0, 2, B, 6).bytes()))
        .containsExactly("1 first frame of 11 at 1 on 0", "276 second of 6 at 2 on 1");
  }

  @ParameterizedTest
  @CsvSource({
    "6, 1500000000123456, 1500000000123456",
    "9, 1500000000123456789, 1500000000123456",
    "3, 1500000000123, 1500000000123000",
    "0, 1500000000, 1500000000000000",
    "12, 15000000123456, 15000000",
    "19, 9223372036854775807, 922337",
    "40, 9223372036854775807, 0",
    "128, 1500000000, 1500000000000000",
    "138, 1536000000512, 1500000000500000",
    "160, 6442450946147483648, 1500000000500000",
    "180, 6755399441055744, 1500000",
    "191, 4611686018427387904, 500000",
    "192, 4611686018427387904, 250000",
    "255, 9223372036854775807, 0",
  })
  void countsTimestampsInTheUnitsOfTheInterface(int resolution, long units, long micros)
      throws IOException {
    var file = CaptureFiles.pcapng(LITTLE_ENDIAN).section(LITTLE_ENDIAN);
    file.interfaceDescription(1, 0, file.option(9, new byte[] {(byte) resolution}));
    assertThat(read(file.enhanced(0, units, A, 11).bytes()))
        .containsExactly("1 first frame of 11 at " + micros + " on 0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addsTheOffsetOfTheInterface(boolean big) throws IOException {
    ByteOrder order = big ? BIG_ENDIAN : LITTLE_ENDIAN;
    var file = CaptureFiles.pcapng(LITTLE_ENDIAN).section(order);
    byte[] offset = ByteBuffer.allocate(8).order(order).putLong(-3).array();
    file.interfaceDescription(1, 0, file.option(14, offset));
    assertThat(read(file.enhanced(0, 5_000_007, A, 11).bytes()))
        .containsExactly("1 first frame of 11 at 2000007 on 0");
  }

  @Test
  void handsOutDecryptionSecrets() throws IOException {
    var file = CaptureFiles.pcapng(LITTLE_ENDIAN).section(LITTLE_ENDIAN);
    int keyLog = CaptureFileReader.Secrets.TLS_KEY_LOG;
    byte[] bytes = file.secrets(keyLog, Frames.ascii("CLIENT_RANDOM 01 02"))
        .interfaceDescription(1, 0)
        .enhanced(0, 1, A, 11)
        .bytes();
    try (var reader = CaptureFileReader.open(new ByteArrayInputStream(bytes), "test")) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.secrets()).hasSize(1);
      assertThat(reader.secrets().get(0).type()).isEqualTo(keyLog);
      assertThat(reader.secrets().get(0).bytes()).asString().isEqualTo("CLIENT_RANDOM 01 02");
    }
  }

  @Test
  void addsUpWhatTheFileSaysWasDropped() throws IOException {
    var file = ng();
    byte[] head = Frames.hex("00000000 0000000000000000");
    byte[] three = Frames.hex("0300000000000000");
    byte[] four = Frames.hex("0400000000000000");
    byte[] bytes = file.block(5, Frames.concat(head, file.option(5, three)))
        .block(
            5,
            Frames.concat(head, file.option(4, four), file.option(5, three), file.option(7, four)))
        .bytes();
    try (var reader = open(bytes)) {
      assertThat(reader.next()).isFalse();
      assertThat(reader.problem()).isNull();
      assertThat(reader.dropped()).isEqualTo(7);
    }
  }

  @Test
  void namesTheDamageOfABlock() throws IOException {
    byte[] good = ng().enhanced(0, 1, A, 11).enhanced(0, 2, B, 6).bytes();
    int second = 28 + 20 + 44;
    assertThat(readWith(good, second + 4, 39)).contains("has the impossible length 39");
    assertThat(readWith(good, second + 4, 0x7ffffff0)).contains("packet at byte 92 claims");
    assertThat(readWith(good, second + 8, 3)).contains("is of interface 3, which is not");
    assertThat(readWith(good, second + 20, 5000)).contains("claims 5000 bytes");
    assertThat(readWith(good, second + 36, 4)).contains("different lengths at its start");
    byte[] version = good.clone();
    version[12] = 2;
    assertThat(read(version).get(0))
        .contains("has version 2.0")
        .endsWith("0 packets before it were read");
  }

  private static String readWith(byte[] good, int at, int value) throws IOException {
    byte[] bad = good.clone();
    ByteBuffer.wrap(bad).order(LITTLE_ENDIAN).putInt(at, value);
    List<String> lines = read(bad);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).endsWith("; 1 packet before it was read");
    return lines.get(1);
  }

  @Test
  void stepsOverABlockThatIsLargerThanMemoryIsGivenFor() throws IOException {
    byte[] head = ng().enhanced(0, 1, A, 11).bytes();
    int size = 20 << 20;
    var large = ByteBuffer.allocate(size).order(LITTLE_ENDIAN).putInt(0x0bad).putInt(size);
    byte[] tail = CaptureFiles.pcapng(LITTLE_ENDIAN).enhanced(0, 2, B, 6).bytes();
    assertThat(read(Frames.concat(head, large.array(), tail))).hasSize(2);
    assertThat(read(Frames.concat(head, Frames.slice(large.array(), 0, 5 << 20))))
        .last()
        .asString()
        .contains("the last block is cut short");
  }

  // --- Any file ---

  @Test
  void readsUpToWhereverAFileEnds() throws IOException {
    byte[] pcap = CaptureFiles.pcap(LITTLE_ENDIAN, MICROS, 65535, 1)
        .record(5, 7, A, 11)
        .record(6, 8, B, 6)
        .bytes();
    byte[] ng = ng().enhanced(0, 1, A, 11).enhanced(0, 2, B, 6).bytes();
    assertReadsAnyPrefix(pcap, List.of(24, 24 + 27, pcap.length), 24);
    assertReadsAnyPrefix(ng, List.of(28, 28 + 20, 28 + 20 + 44, ng.length), 4);
  }

  private static void assertReadsAnyPrefix(byte[] file, List<Integer> ends, int least)
      throws IOException {
    int before = 0;
    for (int length = least; length <= file.length; length++) {
      try (var reader = open(Frames.slice(file, 0, length))) {
        while (reader.next()) {
          assertThat(reader.offset() + reader.capturedLength())
              .isLessThanOrEqualTo(reader.frame().length);
        }
        assertThat(reader.next()).isFalse();
        assertThat(reader.packets()).isGreaterThanOrEqualTo(before);
        assertThat(reader.problem() == null)
            .as("%d bytes", length)
            .isEqualTo(ends.contains(length));
        before = (int) reader.packets();
      }
    }
    assertThat(before).isEqualTo(2);
  }

  @Test
  void readsFilesLargerThanItsWindow() throws IOException {
    var random = new Random(1);
    var file = CaptureFiles.pcap(BIG_ENDIAN, MICROS, 262144, 1);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] frame =
          new byte[i % 10 == 9 ? CaptureFileReader.MAX_CAPTURED : random.nextInt(70_000)];
      random.nextBytes(frame);
      frames.add(frame);
      file.record(i, i, frame, frame.length);
    }
    Path path = folder.resolve("large.pcap");
    Files.write(path, file.bytes());
    try (var reader = CaptureFileReader.open(path)) {
      for (byte[] frame : frames) {
        assertThat(reader.next()).isTrue();
        assertThat(frameOf(reader)).isEqualTo(frame);
      }
      assertThat(reader.next()).isFalse();
      assertThat(reader.problem()).isNull();
    }
  }

  @Test
  void readsFilesCompressedWithGzip() throws IOException {
    byte[] noise = new byte[50_000];
    new Random(3).nextBytes(noise);
    byte[] plain = CaptureFiles.pcap(1, List.of(A, B, noise));
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    Path path = folder.resolve("a.pcap.gz");
    Files.write(path, packed.toByteArray());
    try (var reader = CaptureFileReader.open(path)) {
      assertThat(lines(reader)).isEqualTo(read(plain)).hasSize(3);
    }
    assertThat(read(Frames.slice(packed.toByteArray(), 0, 40_000)))
        .hasSize(3)
        .last()
        .asString()
        .contains("reading failed at byte")
        .endsWith("; 2 packets before it were read");
    assertThatThrownBy(() -> read(Frames.slice(packed.toByteArray(), 0, 8)))
        .isInstanceOf(CaptureFormatException.class)
        .hasMessageContaining("is a damaged gzip file");
  }

  @Test
  void readsOrRefusesWhateverIsChanged() throws IOException {
    List<byte[]> files = List.of(
        CaptureFiles.pcap(1, List.of(A, B, A)),
        ng().secrets(1, A)
            .enhanced(0, 1, A, 11)
            .obsolete(0, 2, B, 6)
            .simple(A, 11)
            .bytes());
    var random = new Random(2);
    for (int round = 0; round < 5_000; round++) {
      byte[] file = files.get(random.nextInt(2)).clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        file[random.nextInt(file.length)] =
            random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xff;
      }
      try (var reader = open(file)) {
        int count = 0;
        while (reader.next()) {
          count++;
          assertThat(reader.offset() + reader.capturedLength())
              .isLessThanOrEqualTo(reader.frame().length);
          assertThat(reader.wireLength()).isGreaterThanOrEqualTo(reader.capturedLength());
        }
        assertThat(count).isLessThanOrEqualTo(4);
      } catch (CaptureFormatException e) {
        assertThat(e).hasMessageStartingWith("test ");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty",
    "61, has only 1 bytes",
    "68656c6c6f20776f726c64, is no capture file (it begins with 68656c6c)",
    "d4c3b2a1, ends within its file header",
    "28b52ffd00, is compressed with zstd: unpack it with `zstd -d`",
    "fd377a585a00, is compressed with xz: unpack it with `xz -d`",
    "425a683931, is compressed with bzip2: unpack it with `bzip2 -d`",
    "736e6f6f70000000, is a snoop capture: convert it with `editcap -F pcapng IN OUT`",
  })
  void refusesWhatIsNoCaptureAndNamesTheFix(String hex, String message) throws IOException {
    assertThatThrownBy(() -> read(Frames.hex(hex)))
        .isInstanceOf(CaptureFormatException.class)
        .hasMessageStartingWith("test ")
        .hasMessageContaining(message);
    Path path = Files.write(folder.resolve("x"), Frames.hex(hex));
    assertThatThrownBy(() -> CaptureFileReader.open(path))
        .isInstanceOf(CaptureFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatIsNoFile() {
    assertThatThrownBy(() -> CaptureFileReader.open(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> CaptureFileReader.open(folder))
        .isInstanceOf(CaptureFormatException.class)
        .hasMessageContaining("is a folder");
  }

  private static CaptureFiles ng() {
    return CaptureFiles.pcapng(LITTLE_ENDIAN).section(LITTLE_ENDIAN).interfaceDescription(1, 0);
  }

  private static CaptureFileReader open(byte[] file) throws IOException {
    return CaptureFileReader.open(new ByteArrayInputStream(file), "test");
  }

  /** A line a packet, and one more with the problem where there is one. */
  private static List<String> read(byte[] file) throws IOException {
    try (var reader = open(file)) {
      return lines(reader);
    }
  }

  private static List<String> lines(CaptureFileReader reader) {
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add("%d %s of %d at %d on %d"
          .formatted(
              reader.linkType(),
              new String(frameOf(reader)),
              reader.wireLength(),
              reader.timeMicros(),
              reader.interfaceIndex()));
    }
    if (reader.problem() != null) {
      lines.add(reader.problem());
    }
    return lines;
  }

  private static byte[] frameOf(CaptureFileReader reader) {
    int offset = reader.offset();
    return Frames.slice(reader.frame(), offset, offset + reader.capturedLength());
  }
}

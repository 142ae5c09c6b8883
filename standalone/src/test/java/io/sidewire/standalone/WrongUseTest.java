package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.standalone.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each wrong use: one clear error, the fix or what is known instead, and the exit code of the help. */
class WrongUseTest {
  private static final String GOOD = "../testdata/agents/ipv6.pcap";

  @TempDir
  static Path folder;

  @BeforeAll
  static void files() throws Exception {
    Files.writeString(folder.resolve("text.pcap"), "no capture at all");
    Files.writeString(folder.resolve("key"), "no key");
    Files.writeString(folder.resolve("rules.yaml"), "nonsense: 1\n");
  }

  @ParameterizedTest(name = "sidewire {0}")
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
          # arguments                                    | exit | said                                | and the fix
          tial                                           | 2 | There is no command 'tial'             | Did you mean: sidewire tail?
          decod GOOD                                     | 2 | There is no command 'decod'            | Did you mean: sidewire decode?
          zzzzzzzz                                       | 2 | There is no command 'zzzzzzzz'.        | See: sidewire --help
          topics creat                                   | 2 | There is no command 'creat'            | Did you mean: sidewire topics create?
          version now                                    | 2 | 'now' is one word too many             | See: sidewire version --help
          up --bogus                                     | 2 | Unknown option: '--bogus'              | See: sidewire up --help
          up --preview --json                            | 2 | --preview shows words in the live view | leave out --json
          up --preview --kafka 127.0.0.1:1               | 2 | nothing leaves this host               | leave out --kafka
          up --preview                                   | 2 | on a terminal only                     | files and pipes would keep them
          stats --form -1h                               | 2 | Unknown option: '--form'               | --from
          up --interface                                 | 2 | Missing required parameter             | See: sidewire up --help
          replay                                         | 2 | Missing required parameter: 'FILE'     | See: sidewire replay --help
          replay DIR/absent.pcap                         | 1 | absent.pcap                            | no such file
          decode DIR/absent.pcap                         | 1 | absent.pcap                            | no such file
          decode DIR/text.pcap                           | 1 | is no capture file                     | pcap and pcapng are read
          decode DIR                                     | 1 | is a folder                            | name the capture files in it
          decode --mode everything GOOD                  | 2 | no mode everything                     | known: all, azure, llm, mcp
          decode --ports 80,seventy GOOD                 | 2 | ports=80,seventy                       | a number from 1 to 65535
          decode --ports 70000 GOOD                      | 2 | ports=70000                            | a number from 1 to 65535
          decode --names some GOOD                       | 2 | names=some                             | one of agent, all, hash
          decode --snaplen -3 GOOD                       | 2 | snaplen=-3                             | a size such as
          decode --set quue=1MiB GOOD                    | 2 | no setting quue                        | did you mean queue?
          decode --set queue GOOD                        | 2 | KEY=VALUE                              | See: sidewire decode --help
          decode --rules DIR/absent.yaml GOOD            | 2 | absent.yaml: cannot be read            | no such file
          decode --rules DIR/rules.yaml GOOD             | 2 | rules.yaml                             | nonsense
          decode --keylog DIR/absent GOOD                | 2 | key log                                | no such file
          decode --key-file DIR/absent GOOD              | 2 | absent is not there                    | sidewire key new
          decode --key-file DIR/key GOOD                 | 2 | holds no key                           | 64 hex digits
          decode --save-raw GOOD                         | 2 | --save-raw                             | needs --save DIR
          replay --pace slow GOOD                        | 2 | pace=slow                              | one of fast, original
          replay --port http GOOD                        | 2 | 'http' is no port                      | a number from 1 to 65535
          replay --port 99999 GOOD                       | 2 | '99999' is no port                     | a number from 1 to 65535
          replay --disk 3Q GOOD                          | 2 | --disk: '3Q' is no size                | write 512M, 2G
          replay --kafka 127.0.0.1:x --prefix a. GOOD    | 4 | 127.0.0.1:x cannot be used             | correct --kafka HOST:PORT
          up --ring lots                                 | 2 | --ring: 'lots' is no size              | write 512M, 2G
          tail --url page                                | 2 | 'page' is no address                   | write --url http://127.0.0.1:7420
          tail --url http://127.0.0.1:1                  | 4 | No Sidewire answers                    | start one with ./sidewire up
          tail --data DIR/absent                         | 4 | No Sidewire runs on the data           | start one with ./sidewire up
          tail --min-latency 5parsec --data DIR          | 2 | --min-latency: '5parsec'               | write 500ms, 5s
          top --last 5x --data DIR                       | 2 | --last: '5x' is no duration            | write 500ms, 5s
          stats --by colour                              | 2 | 'colour' is none of                    | flow-type, protocol, process
          stats --by host --operation tools/call --data DIR | 2 | --operation narrows calls           | leave one out
          stats --token-file DIR/absent --url http://127.0.0.1:1 | 2 | cannot be read                 | check --token-file
          save                                           | 2 | Missing required argument              | --exchange
          save --exchange a-0 --data DIR                 | 2 | There is no ring                       | up --ring 64M
          doctor --only weather                          | 2 | no check is named weather              | known: broker, data
          doctor --seconds x                             | 2 | --seconds: 'x' is no duration          | write 500ms, 5s
          topics create                                  | 2 | Missing required option                | --kafka=HOST:PORT
          key new                                        | 2 | Missing required parameter             | See: sidewire key new --help
          key new DIR/absent/key                         | 2 | Cannot write                           | name a file in a folder of yours
          dead-letters                                   | 2 | Missing the command                    | dead-letters list
          """)
  void isToldWithItsFix(String arguments, int exit, String said, String fix) {
    String[] args =
        arguments.replace("DIR", folder.toString()).replace("GOOD", GOOD).split(" +");
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code = Sidewire.run(new Terminal(out, err, Map.of()), args);
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text).startsWith("sidewire: ").contains(said).contains(fix);
    assertThat(code).as(text).isEqualTo(exit);
    assertThat(text).as("no Java in what people read").doesNotContain("Exception", "\tat ");
    assertThat(text.lines().count()).isLessThanOrEqualTo(3);
  }
}

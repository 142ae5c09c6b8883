package io.sidewire.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Runs {@link FuzzTarget}s: in every build over their seeds, past findings and some changes of those; on demand as what
 * Jazzer starts, which looks for inputs that reach new code.
 */
public final class Fuzzing {
  private static final int MOST_CHANGES = 6;
  private static final int SHOWN = 4000;

  /** The target that Jazzer feeds. */
  private static FuzzTarget fuzzed;

  private Fuzzing() {}

  // ---------------------------------------------------------------- in every build

  /** Runs each seed and each past finding, then so many changed ones; the same ones each time. */
  public static void check(FuzzTarget target, int changes) throws Exception {
    List<byte[]> inputs = inputs(target);
    for (byte[] input : inputs) {
      run(target, input);
    }
    Random random = new Random(1);
    for (int i = 0; i < changes; i++) {
      run(target, changed(inputs, random));
    }
  }

  private static void run(FuzzTarget target, byte[] input) {
    try {
      target.run(input);
    } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
      String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, SHOWN));
      throw new AssertionError(
          target.getClass().getSimpleName() + " on " + input.length + " bytes " + hex, e);
    }
  }

  private static byte[] changed(List<byte[]> inputs, Random random) {
    byte[] input = inputs.get(random.nextInt(inputs.size())).clone();
    for (int change = random.nextInt(MOST_CHANGES); change >= 0 && input.length > 0; change--) {
      int at = random.nextInt(input.length);
      switch (random.nextInt(5)) {
        case 0 -> input[at] = (byte) random.nextInt();
        case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> input = Arrays.copyOf(input, at);
        case 3 ->
          input = Frames.concat(Arrays.copyOf(input, at), tail(input, random), tail(input, random));
        default -> {
          byte[] other = inputs.get(random.nextInt(inputs.size()));
          input = Frames.concat(Arrays.copyOf(input, at), tail(other, random));
        }
      }
    }
    return input;
  }

  private static byte[] tail(byte[] bytes, Random random) {
    return Arrays.copyOfRange(bytes, random.nextInt(bytes.length + 1), bytes.length);
  }

  private static List<byte[]> inputs(FuzzTarget target) throws IOException {
    List<byte[]> inputs = new ArrayList<>(target.seeds());
    URL findings = target.getClass().getResource("/fuzz/" + target.getClass().getSimpleName());
    if (findings != null) {
      try (Stream<Path> files = Files.list(Path.of(URI.create(findings.toString())))) {
        for (Path file : files.sorted().toList()) {
          inputs.add(Files.readAllBytes(file));
        }
      }
    }
    return inputs;
  }

  // ---------------------------------------------------------------- on demand

  /** Called by Jazzer once, with the name of the target's class. */
  public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
    fuzzed = target(arguments[0]);
  }

  /** Called by Jazzer for each input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    fuzzed.run(input);
  }

  private static FuzzTarget target(String name) throws ReflectiveOperationException {
    var constructor = Class.forName(name).getDeclaredConstructor();
    constructor.setAccessible(true);
    return (FuzzTarget) constructor.newInstance();
  }

  /**
   * {@code write CLASS FOLDER}: the inputs that Jazzer begins with. {@code run CLASS FILE…}: the target on each. {@code
   * check CLASS CHANGES}: as in every build.
   */
  public static void main(String[] arguments) throws Exception {
    FuzzTarget target = target(arguments[1]);
    if (arguments[0].equals("write")) {
      int number = 0;
      for (byte[] input : inputs(target)) {
        Files.write(Path.of(arguments[2], "seed-" + number++), input);
      }
      return;
    }
    if (arguments[0].equals("check")) {
      check(target, Integer.parseInt(arguments[2]));
      return;
    }
    for (int i = 2; i < arguments.length; i++) {
      run(target, Files.readAllBytes(Path.of(arguments[i])));
    }
  }
}

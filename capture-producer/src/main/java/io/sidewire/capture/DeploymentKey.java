package io.sidewire.capture;

import io.sidewire.schemas.KeyedHash;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key file of a deployment: 32 random bytes as hex digits, readable by its owner alone. All hosts that share a Kafka
 * share it, or their hashes do not agree.
 */
public final class DeploymentKey {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentKey.class);
  private static final int BYTES = 32;

  private DeploymentKey() {}

  /** A key of this process alone, for what leaves no host. */
  public static KeyedHash ephemeral() {
    return new KeyedHash(random());
  }

  /** Reads a key file, which is made first where there is none. */
  public static KeyedHash readOrCreate(Path file) {
    try {
      create(file);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("key file {} is there", file);
    } catch (IOException e) {
      throw problem(file, "cannot be made (" + FileFault.reason(e) + ")", e);
    }
    return read(file);
  }

  /**
   * Reads a key file.
   *
   * @throws CaptureException where there is none or it holds no key, naming the fix
   */
  public static KeyedHash read(Path file) {
    try {
      byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
      warnIfOpen(file);
      return new KeyedHash(key);
    } catch (NoSuchFileException e) {
      throw problem(file, "is not there: make it with ./sidewire key new " + file, e);
    } catch (IllegalArgumentException e) {
      throw problem(
          file, "holds no key: it must be 64 hex digits, as ./sidewire key new makes it", null);
    } catch (IOException e) {
      throw problem(file, "cannot be read (" + FileFault.reason(e) + ")", e);
    }
  }

  /** Makes a new key file with mode 0600. */
  public static void create(Path file) throws IOException {
    Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
    Files.writeString(file, HexFormat.of().formatHex(random()) + "\n");
  }

  private static void warnIfOpen(Path file) throws IOException {
    if (Files.exists(Path.of("/.dockerenv"))) {
      return; // a container's user owns no file that is mounted into it, and nobody else is there
    }
    try {
      var open = Files.getPosixFilePermissions(file);
      if (open.contains(PosixFilePermission.GROUP_READ)
          || open.contains(PosixFilePermission.OTHERS_READ)) {
        LOG.warn("key file {} may be read by others: chmod 600 {}", file, file);
      }
    } catch (UnsupportedOperationException e) {
      LOG.debug("no file modes here");
    }
  }

  private static byte[] random() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private static CaptureException problem(Path file, String what, Exception cause) {
    return new CaptureException(
        CaptureException.Kind.CONFIG, "key file " + file + " " + what, cause);
  }
}

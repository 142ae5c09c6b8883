package io.sidewire.query.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** The bearer token, kept as its digest only and compared in constant time. */
final class Token {
  static final String ENVIRONMENT = "SIDEWIRE_API_TOKEN";
  private static final int SHORTEST = 16;

  private final byte[] digest;

  private Token(String secret, String origin) {
    if (secret.length() < SHORTEST) {
      throw new IllegalStateException("the token in " + origin + " has less than " + SHORTEST
          + " characters; make one with: openssl rand -hex 32");
    }
    digest = digest(secret);
  }

  /**
   * The token of a file, else of the environment's variable; empty where there is neither.
   *
   * @throws IllegalStateException where it cannot be used, saying why
   */
  static Optional<Token> find(Optional<Path> file, String environment) {
    if (file.isPresent()) {
      try {
        return Optional.of(
            new Token(Files.readString(file.get()).strip(), file.get().toString()));
      } catch (IOException e) {
        throw new IllegalStateException(
            "the token file " + file.get() + " cannot be read (" + e.getClass().getSimpleName()
                + "); see sidewire.api.token-file",
            e);
      }
    }
    return environment == null || environment.isBlank()
        ? Optional.empty()
        : Optional.of(new Token(environment.strip(), ENVIRONMENT));
  }

  /** True for {@code Bearer token}, and for Basic with the token as the password: browsers ask for that one. */
  boolean matches(String authorization) {
    if (authorization == null) {
      return false;
    }
    int blank = authorization.indexOf(' ');
    if (blank < 0) {
      return false;
    }
    String given = authorization.substring(blank + 1).strip();
    return switch (authorization.substring(0, blank).toLowerCase(Locale.ROOT)) {
      case "bearer" -> same(given);
      case "basic" -> same(password(given));
      default -> false;
    };
  }

  /** True for {@code Bearer}, whatever follows. */
  static boolean isBearer(String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7);
  }

  private boolean same(String given) {
    return MessageDigest.isEqual(digest, digest(given));
  }

  private static String password(String basic) {
    try {
      String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}

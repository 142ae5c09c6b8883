package io.sidewire.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A certificate for one name, made at run time with the JDK's keytool, that both ends of the demo trust.
 *
 * @param context for the server's side and the client's
 * @param trust the client's trust in this certificate alone
 */
record SelfSigned(SSLContext context, X509TrustManager trust) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  static SelfSigned forName(String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path folder = Files.createTempDirectory("sidewire-demo-");
    Path store = folder.resolve("store.p12");
    try {
      Process keytool = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
              "-genkeypair",
              "-keystore",
              store.toString(),
              "-storetype",
              "PKCS12",
              "-storepass",
              new String(PASSWORD),
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-alias",
              "demo",
              "-validity",
              "30",
              "-dname",
              "CN=" + name,
              "-ext",
              "san=dns:" + name)
          .redirectErrorStream(true)
          .start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException(
            "keytool made no certificate: " + said.lines().findFirst().orElse(""));
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD);
      }
      return of(keys);
    } finally {
      Files.deleteIfExists(store);
      Files.deleteIfExists(folder);
    }
  }

  private static SelfSigned of(KeyStore keys) throws GeneralSecurityException, IOException {
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("demo", keys.getCertificate("demo"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return new SelfSigned(context, (X509TrustManager) trust.getTrustManagers()[0]);
  }
}

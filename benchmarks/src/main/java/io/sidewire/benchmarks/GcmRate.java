package io.sidewire.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** How fast the JDK opens records of AES-128-GCM, the most that decryption can reach: {@code GcmRate LENGTH...}. */
public final class GcmRate {
  private static final int TAG_BITS = 128;
  private static final int NONCE = 12;
  private static final long ENOUGH = 1L << 30;

  private GcmRate() {}

  public static void main(String[] args) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (String length : args) {
      byte[] plain = new byte[Integer.parseInt(length)];
      var key = new SecretKeySpec(new byte[16], "AES");
      var parameters = new GCMParameterSpec(TAG_BITS, new byte[NONCE]);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
      byte[] sealed = cipher.doFinal(plain);
      double seconds = 0;
      for (int round = 0; round < 2; round++) { // the first one warms up
        long begun = threads.getCurrentThreadCpuTime();
        for (long bytes = 0; bytes < ENOUGH / (round == 0 ? 4 : 1); bytes += plain.length) {
          cipher.init(Cipher.DECRYPT_MODE, key, parameters);
          cipher.doFinal(sealed, 0, sealed.length, plain);
        }
        seconds = (threads.getCurrentThreadCpuTime() - begun) / 1e9;
      }
      System.out.printf(
          Locale.ROOT,
          "  %-52s %6.2f CPU s a GB%n",
          "the JDK's AES-128-GCM, records of " + length + " bytes",
          seconds * 1e9 / ENOUGH);
    }
  }
}

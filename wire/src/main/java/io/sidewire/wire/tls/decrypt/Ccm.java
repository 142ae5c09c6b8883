package io.sidewire.wire.tls.decrypt;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/** AES in counter mode with CBC-MAC (RFC 3610) with a nonce of 12 bytes, which the JDK lacks, on the JDK's AES. */
final class Ccm {
  private static final int BLOCK = 16;
  private static final int LENGTH_BYTES = 3;

  private final Key key;
  private final int tagBytes;
  private final Cipher counter;
  private final Cipher chain;

  Ccm(Key key, int tagBytes) throws GeneralSecurityException {
    this.key = key;
    this.tagBytes = tagBytes;
    this.counter = Cipher.getInstance("AES/CTR/NoPadding");
    this.chain = Cipher.getInstance("AES/CBC/NoPadding");
  }

  /** Opens {@code plain} bytes and the tag behind them; false where the tag does not verify. */
  boolean open(byte[] nonce, byte[] additional, byte[] in, int offset, int plain, byte[] out)
      throws GeneralSecurityException {
    byte[] first = new byte[BLOCK];
    first[0] = LENGTH_BYTES - 1;
    System.arraycopy(nonce, 0, first, 1, nonce.length);
    counter.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(first));
    byte[] mask = counter.update(new byte[BLOCK]); // counter 0 covers the tag
    counter.doFinal(in, offset, plain, out, 0);

    int covered = (2 + additional.length + BLOCK - 1) / BLOCK * BLOCK;
    int text = (plain + BLOCK - 1) / BLOCK * BLOCK;
    byte[] blocks = new byte[BLOCK + covered + text];
    blocks[0] = (byte) (0x40 | (tagBytes - 2) / 2 << 3 | LENGTH_BYTES - 1);
    System.arraycopy(nonce, 0, blocks, 1, nonce.length);
    blocks[13] = (byte) (plain >>> 16);
    blocks[14] = (byte) (plain >>> 8);
    blocks[15] = (byte) plain;
    blocks[16] = (byte) (additional.length >>> 8);
    blocks[17] = (byte) additional.length;
    System.arraycopy(additional, 0, blocks, 18, additional.length);
    System.arraycopy(out, 0, blocks, BLOCK + covered, plain);
    chain.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[BLOCK]));
    byte[] chained = chain.doFinal(blocks);
    byte[] tag = Arrays.copyOfRange(chained, chained.length - BLOCK, chained.length);
    for (int i = 0; i < tagBytes; i++) {
      tag[i] ^= mask[i];
    }
    byte[] sent = Arrays.copyOfRange(in, offset + plain, offset + plain + tagBytes);
    return MessageDigest.isEqual(Arrays.copyOf(tag, tagBytes), sent);
  }
}

package io.sidewire.wire.tls.decrypt;

/** Secrets of TLS connections, by client random; more may come while packets are read. */
public interface KeySource {
  /** No key log is used: nothing is looked for, kept or waited for. */
  KeySource NONE = new KeySource() {
    @Override
    public TlsSecrets secrets(byte[] clientRandom) {
      return null;
    }

    @Override
    public long version() {
      return 0;
    }

    @Override
    public boolean complete() {
      return true;
    }
  };

  /** What is known of that connection by now; null where nothing is. */
  TlsSecrets secrets(byte[] clientRandom);

  /** Changes whenever there may be more secrets than before. */
  long version();

  /** No more secrets will come: nothing is worth waiting for. */
  boolean complete();
}

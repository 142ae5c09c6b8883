/**
 * Opening TLS records with the secrets that the application itself wrote down (its key log). Secrets are given, never
 * looked for; none of these classes prints, publishes or saves one. The cryptography is the JDK's.
 *
 * <pre>
 * KeySource → TlsSecrets ─┐
 * CipherSuite ────────────┴→ Generations → RecordOpener → RecordCipher (AeadCipher, CbcCipher)
 * </pre>
 */
package io.sidewire.wire.tls.decrypt;

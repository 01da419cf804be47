package dev.keyturn.core.envelope;

import dev.keyturn.core.model.SecretBytes;

/** The server's own root key (the master key file): wraps with AES-256-GCM and context as associated data. */
public interface PlatformKey {
    byte[] seal(SecretBytes plaintext, String context);

    /** @throws IllegalStateException where it was sealed by another master key, for another context, or is damaged */
    SecretBytes open(byte[] sealed, String context);
}

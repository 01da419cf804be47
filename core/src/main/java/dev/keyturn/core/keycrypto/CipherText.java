package dev.keyturn.core.keycrypto;

import java.util.Optional;

/** The result of an encryption, and what a decryption takes: {@code iv} and {@code tag} where the algorithm has them. */
public record CipherText(byte[] bytes, Optional<byte[]> iv, Optional<byte[]> tag) {
    public static CipherText of(byte[] bytes) {
        return new CipherText(bytes, Optional.empty(), Optional.empty());
    }
}

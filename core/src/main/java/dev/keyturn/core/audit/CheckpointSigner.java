package dev.keyturn.core.audit;

/** Signs checkpoints with a key of this installation (Ed25519). Thread-safe. Not to be called inside a transaction. */
public interface CheckpointSigner {
    /** Names the key: the SHA-256 of {@link #publicKey}, so that nobody can give the name to another one. */
    String keyId();

    /** As X.509 SubjectPublicKeyInfo, DER. */
    byte[] publicKey();

    byte[] sign(byte[] message);
}

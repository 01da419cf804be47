package dev.keyturn.core.envelope;

/**
 * A data-encryption key under a set key: AES-256-GCM with a random 96-bit {@code nonce}; {@code sealed} is ciphertext
 * and 128-bit tag; the ids of artifact, set and set key are the associated data, so an envelope opens nowhere else.
 * {@code check} is derived from the data key one way and never changes while the data key lives: an opened envelope
 * must yield the key that the artifact was encrypted with, not just any key.
 */
public record Envelope(SetKeyId setKey, byte[] nonce, byte[] sealed, byte[] check) {}

package dev.keyturn.core.keycrypto;

import dev.keyturn.core.model.SecretBytes;
import java.util.Optional;

/**
 * Where private keys live: behind this port they are made and used, and nothing above it ever sees one. A key is known
 * by an opaque handle, stored with its version: bytes sealed under the master key (software), or a reference to an
 * object in a token (PKCS#11).
 *
 * <p>The caller has checked that the algorithm fits the key and that the key may be used so. Calls may take
 * milliseconds (an RSA key pair: seconds) and must not be made inside a transaction. A backend bounds its own
 * concurrency. Thread-safe. A backend that does not answer throws a {@code DomainException} of kind Unavailable.
 */
public interface KeyBackend {
    /** A short word, stored with each version, so that several backends can live side by side. */
    String name();

    boolean supports(KeySpec spec);

    /** A new key; {@code version} names it for good and binds the handle. */
    Made generate(KeySpec spec, String version);

    /**
     * A new RSA key with the public exponent {@code exponent}: odd, 3 or more. A backend that makes no other than 65537
     * refuses as {@code Invalid}.
     */
    default Made generate(KeySpec.Rsa spec, String version, long exponent) {
        if (exponent != KeySpec.Rsa.USUAL_EXPONENT) {
            throw KeyRefusals.badParameter(
                    "public_exponent",
                    "The key backend '" + name() + "' makes RSA keys with the public exponent 65537 alone.");
        }
        return generate(spec, version);
    }

    /**
     * Takes a key in; {@code material} stays the caller's to close.
     *
     * @throws CryptoRefusedException where the numbers are no key of that kind
     */
    Made take(KeySpec spec, String version, KeyMaterial material) throws CryptoRefusedException;

    /**
     * Encrypts or wraps. {@code iv} is for CBC alone, which makes a random one where there is none; GCM always makes
     * its own.
     */
    CipherText encrypt(
            BackendKey key,
            CipherAlgorithm algorithm,
            byte[] plaintext,
            Optional<byte[]> iv,
            Optional<byte[]> associatedData)
            throws CryptoRefusedException;

    /** Decrypts or unwraps. */
    SecretBytes decrypt(
            BackendKey key, CipherAlgorithm algorithm, CipherText ciphertext, Optional<byte[]> associatedData)
            throws CryptoRefusedException;

    /** Signs a digest; ECDSA signatures are r and s of the field's length each. */
    byte[] sign(BackendKey key, SignAlgorithm algorithm, byte[] digest);

    boolean verify(BackendKey key, SignAlgorithm algorithm, byte[] digest, byte[] signature);

    /** Random bytes of the backend's own source. */
    byte[] random(int count);

    /** The key in a form that {@link #restore} of a backend with the same root takes; never clear. */
    byte[] backup(BackendKey key);

    /** @throws CryptoRefusedException where it is not a backup of that key, or of another root */
    byte[] restore(KeySpec spec, String version, PublicPart publicPart, byte[] backup) throws CryptoRefusedException;

    /** Forgets the key for good; without effect where it is gone already. */
    void destroy(BackendKey key);

    /** A key as it came to be. */
    record Made(PublicPart publicPart, byte[] handle) {}
}

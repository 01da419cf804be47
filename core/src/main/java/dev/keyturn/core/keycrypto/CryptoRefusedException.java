package dev.keyturn.core.keycrypto;

/**
 * A backend could not do what was asked because of the input: a ciphertext that this key did not make, a plaintext of a
 * length the algorithm does not take, numbers that are no key. The message is for the client and says nothing about
 * the plaintext; decryption failures are all alike.
 */
public final class CryptoRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public CryptoRefusedException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}

package dev.keyturn.core.model;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.SecretKey;

/**
 * Secret bytes (a data key, a set key, a private key): redacted when printed, compared in constant time, zeroed on
 * close. Who needs the bytes says so by calling {@link #reveal}, so that an audit of uses is a text search.
 *
 * <p>Not thread-safe; use after close is an {@link IllegalStateException}.
 */
public final class SecretBytes implements AutoCloseable {
    private final byte[] bytes;
    private boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: the caller must not use it again, it is zeroed on close. */
    public static SecretBytes adopt(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    /** Copies the array; the caller keeps, and zeroes, its own. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** Lends the bytes to {@code use}, which must neither keep nor change them. */
    public <T> T reveal(Function<byte[], T> use) {
        if (closed) {
            throw new IllegalStateException("secret used after it was closed");
        }
        return use.apply(bytes);
    }

    /** These very bytes as a key for the JDK's ciphers; it ends with them. The caller names the algorithm. */
    public SecretKey asKey(String algorithm) {
        return new LentKey(this, algorithm);
    }

    boolean closed() {
        return closed;
    }

    public SecretBytes copy() {
        return reveal(SecretBytes::copyOf);
    }

    public int length() {
        return bytes.length;
    }

    /** Constant-time comparison. */
    public boolean sameAs(SecretBytes other) {
        return reveal(mine -> other.reveal(theirs -> MessageDigest.isEqual(mine, theirs)));
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
        closed = true;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes, redacted]";
    }
}

package dev.keyturn.core.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** A SHA-256 by which an entry of a chain is bound to the one before it: 64 digits, lower case. */
public record ChainHash(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final byte[] ABSENT = {-1, -1, -1, -1};

    /** What the first entry of a chain has before it. */
    public static final ChainHash NONE = new ChainHash("0".repeat(64));

    public ChainHash {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a hash is 64 hexadecimal digits in lower case, unlike '" + hex + "'");
        }
    }

    public static ChainHash of(byte[] bytes) {
        return new ChainHash(HexFormat.of().formatHex(bytes));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }

    /** Hashes fields, each behind its length in four bytes; one that is absent has the length -1 and no bytes. */
    static final class Digest {
        private final MessageDigest sha;

        Digest(String format) {
            try {
                sha = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
            text(format);
        }

        Digest hash(ChainHash hash) {
            return bytes(hash.bytes());
        }

        Digest number(long value) {
            return text(Long.toString(value));
        }

        Digest text(String value) {
            return bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Digest text(Optional<?> value) {
            if (value.isPresent()) {
                return text(value.get().toString());
            }
            sha.update(ABSENT);
            return this;
        }

        Digest bytes(byte[] value) {
            sha.update(ByteBuffer.allocate(4).putInt(value.length).array());
            sha.update(value);
            return this;
        }

        ChainHash end() {
            return of(sha.digest());
        }
    }
}

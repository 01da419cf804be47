package dev.keyturn.keys.software;

import java.math.BigInteger;

/** Unsigned big-endian numbers, as JWK writes them (RFC 7518, 2): no sign byte, ever. */
final class Numbers {
    private Numbers() {}

    static BigInteger unsigned(byte[] bytes) {
        return new BigInteger(1, bytes);
    }

    /** Without leading zero bytes. */
    static byte[] shortest(BigInteger value) {
        return fixed(value, (value.bitLength() + 7) / 8);
    }

    /** With leading zero bytes up to {@code length}. */
    static byte[] fixed(BigInteger value, int length) {
        byte[] signed = value.toByteArray();
        int skip = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        int significant = signed.length - skip;
        if (significant > length) {
            throw new IllegalArgumentException("a number of " + significant + " bytes in " + length);
        }
        byte[] out = new byte[length];
        System.arraycopy(signed, skip, out, length - significant, significant);
        return out;
    }
}

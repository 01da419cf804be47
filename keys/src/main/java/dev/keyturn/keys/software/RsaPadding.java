package dev.keyturn.keys.software;

import dev.keyturn.core.keycrypto.SignAlgorithm;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The encodings of RSA signatures over a digest that the client made (RFC 8017, 9.1 and 9.2). JCA signs messages, not
 * digests, so the padding is done here and the provider does the raw operation. Nothing in it is secret.
 */
final class RsaPadding {
    private static final Map<Integer, byte[]> DIGEST_INFO = Map.of(
            32, HexFormat.of().parseHex("3031300d060960864801650304020105000420"),
            48, HexFormat.of().parseHex("3041300d060960864801650304020205000430"),
            64, HexFormat.of().parseHex("3051300d060960864801650304020305000440"));

    private RsaPadding() {}

    /** EMSA-PKCS1-v1_5. */
    static byte[] pkcs1(byte[] digest, int modulusBytes) {
        byte[] info = Optional.ofNullable(DIGEST_INFO.get(digest.length)).orElseThrow();
        byte[] out = new byte[modulusBytes];
        Arrays.fill(out, (byte) 0xff);
        out[0] = 0;
        out[1] = 1;
        int start = modulusBytes - info.length - digest.length;
        out[start - 1] = 0;
        System.arraycopy(info, 0, out, start, info.length);
        System.arraycopy(digest, 0, out, start + info.length, digest.length);
        return out;
    }

    /** EMSA-PSS with MGF1 of the same digest and a salt of the digest's length (RFC 7518, 3.5). */
    static byte[] pss(SignAlgorithm algorithm, byte[] digest, int modulusBits, SecureRandom random)
            throws GeneralSecurityException {
        byte[] salt = new byte[digest.length];
        random.nextBytes(salt);
        int length = (modulusBits - 1 + 7) / 8;
        byte[] hash = saltedHash(algorithm, digest, salt);
        byte[] block = new byte[length - hash.length - 1];
        block[block.length - salt.length - 1] = 1;
        System.arraycopy(salt, 0, block, block.length - salt.length, salt.length);
        mask(algorithm, hash, block);
        block[0] &= topMask(modulusBits);
        byte[] out = new byte[(modulusBits + 7) / 8];
        int start = out.length - length;
        System.arraycopy(block, 0, out, start, block.length);
        System.arraycopy(hash, 0, out, start + block.length, hash.length);
        out[out.length - 1] = (byte) 0xbc;
        return out;
    }

    /** Whether {@code encoded}, the raw result of the public operation, is an EMSA-PSS encoding of the digest. */
    static boolean isPss(SignAlgorithm algorithm, byte[] encoded, byte[] digest, int modulusBits)
            throws GeneralSecurityException {
        int length = (modulusBits - 1 + 7) / 8;
        int start = encoded.length - length;
        int hashBytes = digest.length;
        if (start < 0
                || (start == 1 && encoded[0] != 0)
                || encoded[encoded.length - 1] != (byte) 0xbc
                || length < 2 * hashBytes + 2) {
            return false;
        }
        byte[] block = Arrays.copyOfRange(encoded, start, encoded.length - hashBytes - 1);
        byte[] hash = Arrays.copyOfRange(encoded, encoded.length - hashBytes - 1, encoded.length - 1);
        if ((block[0] & ~topMask(modulusBits) & 0xff) != 0) {
            return false;
        }
        mask(algorithm, hash, block);
        block[0] &= topMask(modulusBits);
        int one = block.length - hashBytes - 1;
        for (int i = 0; i < one; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        byte[] salt = Arrays.copyOfRange(block, one + 1, block.length);
        return block[one] == 1 && MessageDigest.isEqual(hash, saltedHash(algorithm, digest, salt));
    }

    private static byte topMask(int modulusBits) {
        int spare = 8 * ((modulusBits - 1 + 7) / 8) - (modulusBits - 1);
        return (byte) (0xff >>> spare);
    }

    private static byte[] saltedHash(SignAlgorithm algorithm, byte[] digest, byte[] salt)
            throws GeneralSecurityException {
        MessageDigest sha = MessageDigest.getInstance(algorithm.digest());
        sha.update(new byte[8]);
        sha.update(digest);
        sha.update(salt);
        return sha.digest();
    }

    /** XORs MGF1(seed) over the block. */
    private static void mask(SignAlgorithm algorithm, byte[] seed, byte[] block) throws GeneralSecurityException {
        MessageDigest sha = MessageDigest.getInstance(algorithm.digest());
        int done = 0;
        for (int counter = 0; done < block.length; counter++) {
            sha.update(seed);
            sha.update(
                    new byte[] {(byte) (counter >>> 24), (byte) (counter >>> 16), (byte) (counter >>> 8), (byte) counter
                    });
            byte[] part = sha.digest();
            for (int i = 0; i < part.length && done < block.length; i++) {
                block[done++] ^= part[i];
            }
        }
    }
}

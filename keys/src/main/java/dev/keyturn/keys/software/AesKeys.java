package dev.keyturn.keys.software;

import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.model.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** AES by the JDK: key wrap (RFC 3394), GCM with its own 96-bit nonce, CBC with and without padding. Thread-safe. */
final class AesKeys {
    private static final String PROVIDER = "SunJCE";
    private static final int BLOCK = 16;
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final SecureRandom random;

    AesKeys(SecureRandom random) {
        this.random = random;
    }

    byte[] generate(int bits) {
        byte[] key = new byte[bits / 8];
        random.nextBytes(key);
        return key;
    }

    CipherText encrypt(
            SecretKey key, CipherAlgorithm algorithm, byte[] plaintext, Optional<byte[]> iv, Optional<byte[]> aad)
            throws GeneralSecurityException, CryptoRefusedException {
        return switch (algorithm.family()) {
            case AES_KW -> {
                if (plaintext.length < 16 || plaintext.length % 8 != 0) {
                    throw new CryptoRefusedException("A key that is wrapped with " + algorithm.wire()
                            + " has 16 bytes or more, in multiples of 8; the value has " + plaintext.length + ".");
                }
                Cipher cipher = Cipher.getInstance("AES/KW/NoPadding", PROVIDER);
                cipher.init(Cipher.ENCRYPT_MODE, key);
                yield CipherText.of(cipher.doFinal(plaintext));
            }
            case AES_GCM -> {
                byte[] nonce = new byte[NONCE];
                random.nextBytes(nonce);
                byte[] both = gcm(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plaintext);
                int length = both.length - TAG;
                yield new CipherText(
                        Arrays.copyOf(both, length),
                        Optional.of(nonce),
                        Optional.of(Arrays.copyOfRange(both, length, both.length)));
            }
            case AES_CBC, AES_CBC_PAD -> {
                boolean padded = algorithm.family() == CipherAlgorithm.Family.AES_CBC_PAD;
                byte[] start = iv.isPresent() ? checkedIv(iv.get()) : freshIv();
                Cipher cipher = cbc(Cipher.ENCRYPT_MODE, key, start, padded);
                yield new CipherText(
                        padded ? cipher.doFinal(plaintext) : zeroPadded(cipher, plaintext),
                        Optional.of(start),
                        Optional.empty());
            }
            case RSA -> throw new IllegalArgumentException(algorithm + " is not AES");
        };
    }

    SecretBytes decrypt(SecretKey key, CipherAlgorithm algorithm, CipherText ciphertext, Optional<byte[]> aad)
            throws GeneralSecurityException, CryptoRefusedException {
        return switch (algorithm.family()) {
            case AES_KW -> {
                if (ciphertext.bytes().length < 24 || ciphertext.bytes().length % 8 != 0) {
                    throw new CryptoRefusedException("A key wrapped with " + algorithm.wire()
                            + " has 24 bytes or more, in multiples of 8; the value has "
                            + ciphertext.bytes().length + ".");
                }
                Cipher cipher = Cipher.getInstance("AES/KW/NoPadding", PROVIDER);
                cipher.init(Cipher.DECRYPT_MODE, key);
                yield SecretBytes.adopt(cipher.doFinal(ciphertext.bytes()));
            }
            case AES_GCM -> {
                byte[] nonce = ciphertext.iv().orElse(new byte[0]);
                byte[] tag = ciphertext.tag().orElse(new byte[0]);
                if (nonce.length != NONCE || tag.length != TAG) {
                    throw new CryptoRefusedException(algorithm.wire() + " needs an iv of " + NONCE
                            + " bytes and a tag of " + TAG + " bytes: those the encryption answered.");
                }
                Cipher cipher = gcm(Cipher.DECRYPT_MODE, key, nonce, aad);
                byte[] both = Arrays.copyOf(ciphertext.bytes(), ciphertext.bytes().length + TAG);
                System.arraycopy(tag, 0, both, ciphertext.bytes().length, TAG);
                yield SecretBytes.adopt(cipher.doFinal(both));
            }
            case AES_CBC, AES_CBC_PAD -> {
                byte[] iv = checkedIv(ciphertext.iv().orElse(new byte[0]));
                boolean padded = algorithm.family() == CipherAlgorithm.Family.AES_CBC_PAD;
                yield SecretBytes.adopt(
                        cbc(Cipher.DECRYPT_MODE, key, iv, padded).doFinal(ciphertext.bytes()));
            }
            case RSA -> throw new IllegalArgumentException(algorithm + " is not AES");
        };
    }

    /** As Azure does where CBC is asked for without padding: zeros up to the block, which decryption answers too. */
    private static byte[] zeroPadded(Cipher cipher, byte[] plaintext) throws GeneralSecurityException {
        byte[] whole = Arrays.copyOf(plaintext, (plaintext.length + BLOCK - 1) / BLOCK * BLOCK);
        try {
            return cipher.doFinal(whole);
        } finally {
            Arrays.fill(whole, (byte) 0);
        }
    }

    private static byte[] checkedIv(byte[] iv) throws CryptoRefusedException {
        if (iv.length != BLOCK) {
            throw new CryptoRefusedException("The iv of CBC has " + BLOCK + " bytes, not " + iv.length + ".");
        }
        return iv;
    }

    private byte[] freshIv() {
        byte[] iv = new byte[BLOCK];
        random.nextBytes(iv);
        return iv;
    }

    private static Cipher gcm(int mode, SecretKey key, byte[] nonce, Optional<byte[]> aad)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", PROVIDER);
        cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
        aad.ifPresent(cipher::updateAAD);
        return cipher;
    }

    private static Cipher cbc(int mode, SecretKey key, byte[] iv, boolean padded) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/" + (padded ? "PKCS5Padding" : "NoPadding"), PROVIDER);
        cipher.init(mode, key, new IvParameterSpec(iv));
        return cipher;
    }
}

package dev.keyturn.keys.software;

import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyMaterial;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import dev.keyturn.core.model.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** RSA by a JCA provider. Thread-safe. */
final class RsaKeys {
    /** Explicit, because the JDK's name for OAEP with SHA-256 silently uses SHA-1 in the mask. */
    private static final OAEPParameterSpec OAEP_256 =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private static final OAEPParameterSpec OAEP_1 =
            new OAEPParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT);
    private static final int PRIME_CERTAINTY = 64;

    private final Providers providers;
    private final SecureRandom random;

    RsaKeys(Providers providers, SecureRandom random) {
        this.providers = providers;
        this.random = random;
    }

    KeyPair generate(int bits, long exponent) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", providers.rsaKeys());
        generator.initialize(new RSAKeyGenParameterSpec(bits, BigInteger.valueOf(exponent)));
        return generator.generateKeyPair();
    }

    /** Checks that the numbers belong together before they become a key. */
    PrivateKey take(KeyMaterial.Rsa material, int bits) throws GeneralSecurityException, CryptoRefusedException {
        BigInteger n = Numbers.unsigned(material.n());
        BigInteger e = Numbers.unsigned(material.e());
        BigInteger d = material.d().reveal(Numbers::unsigned);
        BigInteger p = material.p().reveal(Numbers::unsigned);
        BigInteger q = material.q().reveal(Numbers::unsigned);
        boolean whole = n.bitLength() == bits
                && e.testBit(0)
                && e.bitLength() >= 2
                && e.bitLength() <= 32
                && p.multiply(q).equals(n)
                && !p.equals(q)
                && p.isProbablePrime(PRIME_CERTAINTY)
                && q.isProbablePrime(PRIME_CERTAINTY);
        if (!whole) {
            throw new CryptoRefusedException("The numbers are no RSA key of " + bits + " bits: n must be p times q,"
                    + " both of them prime, and e odd.");
        }
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        if (!e.multiply(d).mod(p1).equals(BigInteger.ONE)
                || !e.multiply(d).mod(q1).equals(BigInteger.ONE)) {
            throw new CryptoRefusedException("The private exponent d does not belong to e and n.");
        }
        return KeyFactory.getInstance("RSA", providers.rsaKeys())
                .generatePrivate(new RSAPrivateCrtKeySpec(n, e, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)));
    }

    PrivateKey parse(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA", providers.rsaKeys()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    PublicKey parse(PublicPart.Rsa part) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA", providers.rsaKeys())
                .generatePublic(new RSAPublicKeySpec(Numbers.unsigned(part.n()), Numbers.unsigned(part.e())));
    }

    static PublicPart.Rsa publicPart(PublicKey key) {
        RSAPublicKey rsa = (RSAPublicKey) key;
        return new PublicPart.Rsa(Numbers.shortest(rsa.getModulus()), Numbers.shortest(rsa.getPublicExponent()));
    }

    byte[] encrypt(PublicKey key, CipherAlgorithm algorithm, byte[] plaintext)
            throws GeneralSecurityException, CryptoRefusedException {
        int modulus = modulusBytes(key);
        int limit = modulus - overhead(algorithm);
        if (plaintext.length > limit) {
            throw new CryptoRefusedException("The value has " + plaintext.length + " bytes; " + algorithm.wire()
                    + " with this key takes at most " + limit + ".");
        }
        return cipher(algorithm, Cipher.ENCRYPT_MODE, key).doFinal(plaintext);
    }

    SecretBytes decrypt(PrivateKey key, CipherAlgorithm algorithm, byte[] ciphertext) throws GeneralSecurityException {
        return SecretBytes.adopt(cipher(algorithm, Cipher.DECRYPT_MODE, key).doFinal(ciphertext));
    }

    byte[] sign(PrivateKey key, int bits, SignAlgorithm algorithm, byte[] digest) throws GeneralSecurityException {
        byte[] encoded =
                algorithm.pss() ? RsaPadding.pss(algorithm, digest, bits, random) : RsaPadding.pkcs1(digest, bits / 8);
        return raw(Cipher.DECRYPT_MODE, key, encoded);
    }

    boolean verify(PublicKey key, SignAlgorithm algorithm, byte[] digest, byte[] signature)
            throws GeneralSecurityException {
        BigInteger modulus = ((RSAPublicKey) key).getModulus();
        if (signature.length != modulusBytes(key) || Numbers.unsigned(signature).compareTo(modulus) >= 0) {
            return false;
        }
        byte[] encoded = raw(Cipher.ENCRYPT_MODE, key, signature);
        return algorithm.pss()
                ? RsaPadding.isPss(algorithm, encoded, digest, modulus.bitLength())
                : MessageDigest.isEqual(encoded, RsaPadding.pkcs1(digest, signature.length));
    }

    private byte[] raw(int mode, java.security.Key key, byte[] in) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", providers.rsaCipher());
        cipher.init(mode, key);
        return cipher.doFinal(in);
    }

    private Cipher cipher(CipherAlgorithm algorithm, int mode, java.security.Key key) throws GeneralSecurityException {
        String padding = algorithm == CipherAlgorithm.RSA1_5 ? "PKCS1Padding" : "OAEPPadding";
        Cipher cipher = Cipher.getInstance("RSA/ECB/" + padding, providers.rsaCipher());
        switch (algorithm) {
            case RSA_OAEP_256 -> cipher.init(mode, key, OAEP_256);
            case RSA_OAEP -> cipher.init(mode, key, OAEP_1);
            default -> cipher.init(mode, key);
        }
        return cipher;
    }

    private static int overhead(CipherAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_OAEP_256 -> 2 * 32 + 2;
            case RSA_OAEP -> 2 * 20 + 2;
            default -> 11;
        };
    }

    private static int modulusBytes(PublicKey key) {
        return (((RSAPublicKey) key).getModulus().bitLength() + 7) / 8;
    }
}

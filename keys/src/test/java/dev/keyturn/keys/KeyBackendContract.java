package dev.keyturn.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import dev.keyturn.core.model.SecretBytes;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.Test;

/** What every key backend must do, checked against the JDK's own algorithms where they have them. */
public abstract class KeyBackendContract extends KeyBackendImportContract {
    @Test
    void generate_rsa_hasUnsignedNumbersWithoutALeadingZero() {
        for (int bits : List.of(2048, 3072, 4096)) {
            PublicPart.Rsa part =
                    (PublicPart.Rsa) key(new KeySpec.Rsa(bits, true)).publicPart();

            assertThat(part.n()).hasSize(bits / 8);
            assertThat(part.n()[0]).isNegative();
            assertThat(part.e()).containsExactly(1, 0, 1);
        }
    }

    @Test
    void generate_ec_hasCoordinatesOfTheFieldsLength() {
        for (Curve curve : Curve.values()) {
            for (int i = 0; i < 20; i++) {
                PublicPart.Ec part =
                        (PublicPart.Ec) fresh(new KeySpec.Ec(curve, false)).publicPart();
                assertThat(part.x()).hasSize(curve.bytes());
                assertThat(part.y()).hasSize(curve.bytes());
            }
        }
    }

    @Test
    void decrypt_ofWhatWasEncrypted_yieldsThePlaintextInEveryAlgorithmOfEveryKeyType() throws Exception {
        for (KeySpec spec : List.of(
                new KeySpec.Rsa(2048, false), new KeySpec.Oct(128), new KeySpec.Oct(192), new KeySpec.Oct(256))) {
            for (CipherAlgorithm algorithm : CipherAlgorithm.values()) {
                if (!algorithm.fits(spec)) {
                    continue;
                }
                byte[] plain = bytes(32);
                CipherText sealed = backend().encrypt(key(spec), algorithm, plain, NONE, NONE);
                try (SecretBytes opened = backend().decrypt(key(spec), algorithm, sealed, NONE)) {
                    assertThat(opened.reveal(byte[]::clone)).as("%s", algorithm).isEqualTo(plain);
                }
            }
        }
    }

    @Test
    void encrypt_rsaOaep256_usesSha256InBothPlaces() throws Exception {
        BackendKey key = key(new KeySpec.Rsa(2048, true));
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                jdkKey(key),
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        byte[] plain = bytes(32);

        try (SecretBytes opened =
                backend().decrypt(key, CipherAlgorithm.RSA_OAEP_256, CipherText.of(cipher.doFinal(plain)), NONE)) {
            assertThat(opened.reveal(byte[]::clone)).isEqualTo(plain);
        }
    }

    @Test
    void sign_rsa_isVerifiedByTheJdk() throws Exception {
        byte[] message = bytes(100);
        for (SignAlgorithm algorithm : SignAlgorithm.values()) {
            if (!algorithm.fits(new KeySpec.Rsa(2048, false))) {
                continue;
            }
            BackendKey key = key(new KeySpec.Rsa(2048, false));
            byte[] digest = MessageDigest.getInstance(algorithm.digest()).digest(message);
            byte[] signature = backend().sign(key, algorithm, digest);

            assertThat(jdkVerifies(key, algorithm, message, signature))
                    .as("%s", algorithm)
                    .isTrue();
        }
    }

    @Test
    void verify_takesTheRightSignatureAndNoOther() throws Exception {
        for (SignAlgorithm algorithm : SignAlgorithm.values()) {
            BackendKey key = key(specOf(algorithm));
            byte[] digest = bytes(algorithm.digestBytes());
            byte[] signature = backend().sign(key, algorithm, digest);

            assertThat(backend().verify(key, algorithm, digest, signature))
                    .as("%s", algorithm)
                    .isTrue();
            for (int i : new int[] {0, signature.length / 2, signature.length - 1}) {
                byte[] changed = signature.clone();
                changed[i] ^= 1;
                assertThat(backend().verify(key, algorithm, digest, changed))
                        .as("%s byte %d", algorithm, i)
                        .isFalse();
            }
            byte[] other = digest.clone();
            other[0] ^= 1;
            assertThat(backend().verify(key, algorithm, other, signature)).isFalse();
            assertThat(backend().verify(key, algorithm, digest, new byte[signature.length]))
                    .isFalse();
            assertThat(backend().verify(key, algorithm, digest, new byte[0])).isFalse();
            byte[] ones = new byte[signature.length];
            Arrays.fill(ones, (byte) 0xff);
            assertThat(backend().verify(key, algorithm, digest, ones)).isFalse();
        }
    }

    @Test
    void decrypt_ofAnythingElse_isRefusedAlike() throws Exception {
        BackendKey key = key(new KeySpec.Rsa(2048, false));
        byte[] right = backend()
                .encrypt(key, CipherAlgorithm.RSA_OAEP_256, bytes(32), NONE, NONE)
                .bytes();
        byte[] changed = right.clone();
        changed[20] ^= 1;
        BackendKey other = fresh(new KeySpec.Rsa(2048, false));

        assertRefused(key, CipherAlgorithm.RSA_OAEP_256, changed);
        assertRefused(other, CipherAlgorithm.RSA_OAEP_256, right);
        assertRefused(key, CipherAlgorithm.RSA_OAEP, right);
        assertRefused(key, CipherAlgorithm.RSA_OAEP_256, new byte[0]);
        assertRefused(key, CipherAlgorithm.RSA_OAEP_256, new byte[17]);
        assertRefused(key, CipherAlgorithm.RSA_OAEP_256, new byte[300]);
        byte[] huge = new byte[256];
        Arrays.fill(huge, (byte) 0xff);
        assertRefused(key, CipherAlgorithm.RSA_OAEP_256, huge);
        BackendKey oct = key(new KeySpec.Oct(256));
        assertRefused(oct, CipherAlgorithm.A256KW, new byte[40]);
        assertRefused(oct, CipherAlgorithm.A256KW, new byte[7]);
        assertRefused(oct, CipherAlgorithm.A256CBCPAD, new byte[15]);
        assertRefused(oct, CipherAlgorithm.A256GCM, new byte[15]);
    }

    private void assertRefused(BackendKey key, CipherAlgorithm algorithm, byte[] ciphertext) {
        CipherText text = new CipherText(ciphertext, Optional.of(new byte[16]), Optional.of(new byte[16]));
        assertThatThrownBy(() -> backend().decrypt(key, algorithm, text, NONE))
                .isInstanceOf(CryptoRefusedException.class);
    }

    @Test
    void encrypt_ofALengthTheAlgorithmCannotTake_isRefused() {
        BackendKey rsa = key(new KeySpec.Rsa(2048, false));
        BackendKey oct = key(new KeySpec.Oct(256));
        for (var bad : List.of(
                Map.entry(CipherAlgorithm.RSA_OAEP_256, 191),
                Map.entry(CipherAlgorithm.RSA_OAEP, 215),
                Map.entry(CipherAlgorithm.RSA1_5, 246))) {
            assertThatThrownBy(() -> backend().encrypt(rsa, bad.getKey(), bytes(bad.getValue()), NONE, NONE))
                    .isInstanceOf(CryptoRefusedException.class);
        }
        for (var bad : List.of(Map.entry(CipherAlgorithm.A256KW, 12), Map.entry(CipherAlgorithm.A256KW, 8))) {
            assertThatThrownBy(() -> backend().encrypt(oct, bad.getKey(), bytes(bad.getValue()), NONE, NONE))
                    .isInstanceOf(CryptoRefusedException.class);
        }
    }

    @Test
    void cbcWithoutPadding_fillsTheLastBlockWithZeros() throws Exception {
        BackendKey oct = key(new KeySpec.Oct(256));
        for (int length : new int[] {0, 16, 17}) {
            byte[] plain = bytes(length);
            CipherText sealed = backend().encrypt(oct, CipherAlgorithm.A256CBC, plain, NONE, NONE);
            try (SecretBytes opened = backend().decrypt(oct, CipherAlgorithm.A256CBC, sealed, NONE)) {
                assertThat(opened.reveal(byte[]::clone)).isEqualTo(Arrays.copyOf(plain, (length + 15) / 16 * 16));
            }
        }
    }

    @Test
    void gcm_bindsTheAssociatedDataAndUsesANonceOnce() throws Exception {
        BackendKey key = key(new KeySpec.Oct(256));
        Optional<byte[]> data = Optional.of(new byte[] {1});
        CipherText first = backend().encrypt(key, CipherAlgorithm.A256GCM, new byte[4], NONE, data);
        CipherText second = backend().encrypt(key, CipherAlgorithm.A256GCM, new byte[4], NONE, data);

        assertThat(first.iv().orElseThrow()).isNotEqualTo(second.iv().orElseThrow());
        backend().decrypt(key, CipherAlgorithm.A256GCM, first, data).close();
        assertThatThrownBy(() -> backend().decrypt(key, CipherAlgorithm.A256GCM, first, NONE))
                .isInstanceOf(CryptoRefusedException.class);
    }

    @Test
    void restore_ofABackup_isTheSameKeyAndOfAnotherVersionIsRefused() throws Exception {
        BackendKey key = key(new KeySpec.Rsa(2048, true));
        byte[] backup = backend().backup(key);
        byte[] wrapped = backend()
                .encrypt(key, CipherAlgorithm.RSA_OAEP_256, new byte[32], NONE, NONE)
                .bytes();

        byte[] handle = backend().restore(key.spec(), key.version(), key.publicPart(), backup);
        BackendKey restored = new BackendKey(key.spec(), key.version(), key.publicPart(), handle);
        backend().destroy(key);
        try (SecretBytes opened =
                backend().decrypt(restored, CipherAlgorithm.RSA_OAEP_256, CipherText.of(wrapped), NONE)) {
            assertThat(opened.reveal(byte[]::clone)).isEqualTo(new byte[32]);
        }
        assertThatThrownBy(() -> backend().restore(key.spec(), version(), key.publicPart(), backup))
                .isInstanceOf(CryptoRefusedException.class);
    }

    @Test
    void random_givesAsManyBytesAsAskedFor() {
        assertThat(backend().random(128)).hasSize(128).isNotEqualTo(backend().random(128));
    }

    private static KeySpec specOf(SignAlgorithm algorithm) {
        for (Curve curve : Curve.values()) {
            if (algorithm.fits(new KeySpec.Ec(curve, true))) {
                return new KeySpec.Ec(curve, true);
            }
        }
        return new KeySpec.Rsa(2048, false);
    }

    private static PublicKey jdkKey(BackendKey key) throws Exception {
        PublicPart.Rsa part = (PublicPart.Rsa) key.publicPart();
        return KeyFactory.getInstance("RSA", "SunRsaSign")
                .generatePublic(new RSAPublicKeySpec(new BigInteger(1, part.n()), new BigInteger(1, part.e())));
    }

    private static boolean jdkVerifies(BackendKey key, SignAlgorithm algorithm, byte[] message, byte[] signature)
            throws Exception {
        Signature verifier;
        if (algorithm.pss()) {
            verifier = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
            verifier.setParameter(new PSSParameterSpec(
                    algorithm.digest(), "MGF1", new MGF1ParameterSpec(algorithm.digest()), algorithm.digestBytes(), 1));
        } else {
            verifier = Signature.getInstance("SHA" + algorithm.digestBytes() * 8 + "withRSA", "SunRsaSign");
        }
        verifier.initVerify(jdkKey(key));
        verifier.update(message);
        return verifier.verify(signature);
    }
}

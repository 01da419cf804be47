package dev.keyturn.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyMaterial;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import dev.keyturn.core.model.SecretBytes;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every key backend must do with keys that were made elsewhere. */
abstract class KeyBackendImportContract {
    static final Optional<byte[]> NONE = Optional.empty();
    private final SecureRandom random = new SecureRandom();
    private final Map<KeySpec, BackendKey> made = new HashMap<>();

    /** The backend under test, the same one at every call of one test. */
    protected abstract KeyBackend backend();

    protected final BackendKey key(KeySpec spec) {
        return made.computeIfAbsent(spec, this::fresh);
    }

    protected final BackendKey fresh(KeySpec spec) {
        String version = version();
        KeyBackend.Made m = backend().generate(spec, version);
        return new BackendKey(spec, version, m.publicPart(), m.handle());
    }

    final String version() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    final byte[] bytes(int count) {
        byte[] out = new byte[count];
        random.nextBytes(out);
        return out;
    }

    @Test
    void take_ofAForeignRsaKey_usesItAndRefusesNumbersThatDoNotBelongTogether() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        RSAPrivateCrtKey foreign =
                (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        KeySpec spec = new KeySpec.Rsa(2048, true);
        String version = version();

        KeyBackend.Made m = backend().take(spec, version, material(foreign, BigInteger.ZERO));
        BackendKey key = new BackendKey(spec, version, m.publicPart(), m.handle());
        byte[] digest = bytes(32);
        assertThat(backend().verify(key, SignAlgorithm.PS256, digest, backend().sign(key, SignAlgorithm.PS256, digest)))
                .isTrue();
        assertThat(((PublicPart.Rsa) m.publicPart()).n()).hasSize(256);

        assertThatThrownBy(() -> backend().take(spec, version(), material(foreign, BigInteger.TWO)))
                .isInstanceOf(CryptoRefusedException.class);
        assertThatThrownBy(() ->
                        backend().take(new KeySpec.Rsa(3072, true), version(), material(foreign, BigInteger.ZERO)))
                .isInstanceOf(CryptoRefusedException.class);
        assertThatThrownBy(() -> backend().take(new KeySpec.Oct(256), version(), material(foreign, BigInteger.ZERO)))
                .isInstanceOf(CryptoRefusedException.class);
    }

    @Test
    void take_ofAnEcKey_refusesAPointThatIsNotItsOwn() throws Exception {
        // RFC 6979, A.2.5: a key on P-256.
        byte[] d = HexFormat.of().parseHex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
        byte[] x = HexFormat.of().parseHex("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6");
        byte[] y = HexFormat.of().parseHex("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
        KeySpec spec = new KeySpec.Ec(Curve.P256, true);

        backend().take(spec, version(), new KeyMaterial.Ec(Curve.P256, x, y, SecretBytes.copyOf(d)));
        assertThatThrownBy(() ->
                        backend().take(spec, version(), new KeyMaterial.Ec(Curve.P256, y, x, SecretBytes.copyOf(d))))
                .isInstanceOf(CryptoRefusedException.class);
        byte[] other = d.clone();
        other[31] ^= 1;
        assertThatThrownBy(() -> backend()
                        .take(spec, version(), new KeyMaterial.Ec(Curve.P256, x, y, SecretBytes.copyOf(other))))
                .isInstanceOf(CryptoRefusedException.class);
    }

    @Test
    void wrap_withAKnownAesKey_givesTheVectorOfRfc3394() throws Exception {
        byte[] kek = HexFormat.of().parseHex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
        byte[] data = HexFormat.of().parseHex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
        KeySpec spec = new KeySpec.Oct(256);
        String version = version();
        KeyBackend.Made m = backend().take(spec, version, new KeyMaterial.Oct(SecretBytes.adopt(kek)));
        BackendKey key = new BackendKey(spec, version, m.publicPart(), m.handle());

        assertThat(backend()
                        .encrypt(key, CipherAlgorithm.A256KW, data, NONE, NONE)
                        .bytes())
                .isEqualTo(HexFormat.of()
                        .parseHex("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"));
    }

    private static KeyMaterial.Rsa material(RSAPrivateCrtKey k, BigInteger error) {
        return new KeyMaterial.Rsa(
                k.getModulus().toByteArray(),
                k.getPublicExponent().toByteArray(),
                SecretBytes.adopt(k.getPrivateExponent().add(error).toByteArray()),
                SecretBytes.adopt(k.getPrimeP().toByteArray()),
                SecretBytes.adopt(k.getPrimeQ().toByteArray()));
    }
}

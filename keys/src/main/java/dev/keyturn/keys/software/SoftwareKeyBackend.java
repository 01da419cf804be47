package dev.keyturn.keys.software;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyMaterial;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.Errand;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.keys.software.ReadyKeys.Ready;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Keys in this process. A handle is the private key (PKCS #8, or the bytes of a symmetric key) sealed under the master
 * key, bound to the key version and its kind, so that a row's handle is of no use in another row; {@link OpenKeys} opens
 * it. Thread-safe; close it when the server stops.
 */
public final class SoftwareKeyBackend implements KeyBackend, AutoCloseable {
    public static final String NAME = "software";
    /** How many RSA keys are made at once. One of these is never made in advance, and one principal takes one at most. */
    private static final int GENERATIONS_AT_ONCE = 3;

    private final PlatformKey root;
    private final RsaKeys rsa;
    private final EcKeys ec;
    private final AesKeys aes;
    private final SecureRandom random;
    private final CryptoPool uses;
    private final CryptoPool generations;
    private final ReadyKeys ready;
    private final OpenKeys open;

    /**
     * Loads the native provider, which takes longer than all else at a start, so that this can go on beside the rest.
     * May be called at any time; a backend that is made meanwhile waits for it.
     */
    public static void preload() {
        Providers.preload();
    }

    /** One thread for each processor does private operations; the best provider that loads does RSA and EC. */
    public SoftwareKeyBackend(PlatformKey root, SecureRandom random) {
        this(root, random, Bounds.USUAL);
    }

    /** As above, with other bounds than the usual ones. */
    public SoftwareKeyBackend(PlatformKey root, SecureRandom random, Bounds bounds) {
        this(root, random, Providers.best(), Runtime.getRuntime().availableProcessors(), bounds);
    }

    SoftwareKeyBackend(PlatformKey root, SecureRandom random, Providers providers, int threads) {
        this(root, random, providers, threads, Bounds.USUAL);
    }

    private SoftwareKeyBackend(PlatformKey root, SecureRandom random, Providers providers, int threads, Bounds bounds) {
        this.root = root;
        this.random = random;
        this.rsa = new RsaKeys(providers, random);
        this.ec = new EcKeys(providers, random);
        this.aes = new AesKeys(random);
        this.open = new OpenKeys(root, rsa, ec);
        this.uses = new CryptoPool("keyturn-keys", threads, threads, bounds.uses(), Duration.ofSeconds(1));
        this.generations =
                new CryptoPool("keyturn-keygen", GENERATIONS_AT_ONCE, 1, bounds.generations(), Duration.ofSeconds(5));
        this.ready =
                new ReadyKeys(bounds.ready(), bits -> rsaKey(bits, KeySpec.Rsa.USUAL_EXPONENT), generations::spare);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean supports(KeySpec spec) {
        return true;
    }

    @Override
    public Made generate(KeySpec spec, String version) {
        return sure(() -> switch (spec) {
            case KeySpec.Rsa r -> generate(r, version, KeySpec.Rsa.USUAL_EXPONENT);
            case KeySpec.Ec e -> {
                KeyPair pair = ec.generate(e.curve());
                yield made(spec, version, EcKeys.publicPart(e.curve(), pair.getPublic()), encoded(pair.getPrivate()));
            }
            case KeySpec.Oct o -> made(spec, version, new PublicPart.None(), aes.generate(o.bits()));
        });
    }

    @Override
    public Made generate(KeySpec.Rsa spec, String version, long exponent) {
        return sure(() -> {
            Optional<String> principal = Errand.current()
                    .filter(_ -> exponent == KeySpec.Rsa.USUAL_EXPONENT)
                    .map(Errand::principal);
            Ready key = principal.isPresent()
                    ? ready.get(spec.bits(), principal.get(), generations::call)
                    : generations.call(() -> rsaKey(spec.bits(), exponent));
            try (SecretBytes clear = key.pkcs8()) {
                return new Made(key.part(), root.seal(clear, OpenKeys.context(spec, version)));
            }
        });
    }

    private Ready rsaKey(int bits, long exponent) throws GeneralSecurityException {
        KeyPair pair = rsa.generate(bits, exponent);
        return new Ready(RsaKeys.publicPart(pair.getPublic()), SecretBytes.adopt(encoded(pair.getPrivate())));
    }

    @Override
    public Made take(KeySpec spec, String version, KeyMaterial material) throws CryptoRefusedException {
        return attempt(
                () -> switch (material) {
                    case KeyMaterial.Rsa r
                    when spec instanceof KeySpec.Rsa s -> {
                        PrivateKey key = generations.call(() -> rsa.take(r, s.bits()));
                        PublicPart part = new PublicPart.Rsa(
                                Numbers.shortest(Numbers.unsigned(r.n())), Numbers.shortest(Numbers.unsigned(r.e())));
                        yield made(spec, version, part, encoded(key));
                    }
                    case KeyMaterial.Ec e
                    when spec instanceof KeySpec.Ec s && s.curve() == e.curve() -> {
                        PrivateKey key = ec.take(e);
                        int length = s.curve().bytes();
                        PublicPart part = new PublicPart.Ec(
                                s.curve(),
                                Numbers.fixed(Numbers.unsigned(e.x()), length),
                                Numbers.fixed(Numbers.unsigned(e.y()), length));
                        yield made(spec, version, part, encoded(key));
                    }
                    case KeyMaterial.Oct o
                    when spec.bits() == o.k().length() * 8 ->
                        made(spec, version, new PublicPart.None(), o.k().reveal(byte[]::clone));
                    case KeyMaterial.Rsa _, KeyMaterial.Ec _, KeyMaterial.Oct _ ->
                        throw new CryptoRefusedException("The numbers are no key of kind " + spec.text() + ".");
                },
                "The numbers are no key of kind " + spec.text() + ".");
    }

    @Override
    public CipherText encrypt(
            BackendKey key,
            CipherAlgorithm algorithm,
            byte[] plaintext,
            Optional<byte[]> iv,
            Optional<byte[]> associatedData)
            throws CryptoRefusedException {
        return attempt(
                () -> key.spec() instanceof KeySpec.Oct
                        ? aes.encrypt(open.secretKey(key), algorithm, plaintext, iv, associatedData)
                        : CipherText.of(rsa.encrypt(open.publicKey(key), algorithm, plaintext)),
                "The value cannot be encrypted with this key and " + algorithm.wire() + ".");
    }

    @Override
    public SecretBytes decrypt(
            BackendKey key, CipherAlgorithm algorithm, CipherText ciphertext, Optional<byte[]> associatedData)
            throws CryptoRefusedException {
        return attempt(
                () -> key.spec() instanceof KeySpec.Oct
                        ? aes.decrypt(open.secretKey(key), algorithm, ciphertext, associatedData)
                        : uses.call(() -> rsa.decrypt(open.privateKey(key), algorithm, ciphertext.bytes())),
                "The value was not encrypted with this key version and " + algorithm.wire() + ".");
    }

    @Override
    public byte[] sign(BackendKey key, SignAlgorithm algorithm, byte[] digest) {
        return sure(() -> key.spec() instanceof KeySpec.Rsa r
                ? uses.call(() -> rsa.sign(open.privateKey(key), r.bits(), algorithm, digest))
                : uses.call(() -> ec.sign(open.privateKey(key), algorithm, digest)));
    }

    @Override
    public boolean verify(BackendKey key, SignAlgorithm algorithm, byte[] digest, byte[] signature) {
        return sure(() -> key.spec() instanceof KeySpec.Rsa
                ? rsa.verify(open.publicKey(key), algorithm, digest, signature)
                : ec.verify(open.publicKey(key), algorithm, digest, signature));
    }

    @Override
    public byte[] random(int count) {
        byte[] out = new byte[count];
        random.nextBytes(out);
        return out;
    }

    @Override
    public byte[] backup(BackendKey key) {
        try (SecretBytes clear = open.clear(key)) {
            return root.seal(clear, "keyturn key backup|" + key.spec().text() + "|" + key.version());
        }
    }

    @Override
    public byte[] restore(KeySpec spec, String version, PublicPart publicPart, byte[] backup)
            throws CryptoRefusedException {
        try (SecretBytes clear = root.open(backup, "keyturn key backup|" + spec.text() + "|" + version)) {
            return root.seal(clear, OpenKeys.context(spec, version));
        } catch (IllegalStateException e) {
            throw new CryptoRefusedException("The backup was not made from this key version on this server.");
        }
    }

    @Override
    public void destroy(BackendKey key) {
        open.forget(key);
    }

    @Override
    public void close() {
        uses.close();
        generations.close();
        ready.close();
    }

    /** Seals and zeroes {@code clear}. */
    private Made made(KeySpec spec, String version, PublicPart part, byte[] clear) {
        try (SecretBytes secret = SecretBytes.adopt(clear)) {
            return new Made(part, root.seal(secret, OpenKeys.context(spec, version)));
        }
    }

    private static byte[] encoded(PrivateKey key) {
        return Optional.ofNullable(key.getEncoded()).orElseThrow();
    }

    /** A failure of the cipher means that the input was wrong; {@code refusal} says so without saying how. */
    private static <T> T attempt(Callable<T> work, String refusal) throws CryptoRefusedException {
        try {
            return work.call();
        } catch (CryptoRefusedException | DomainException e) {
            throw e;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CryptoRefusedException(refusal);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("key operation failed", e);
        }
    }

    static <T> T sure(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("key operation failed", e);
        }
    }
}

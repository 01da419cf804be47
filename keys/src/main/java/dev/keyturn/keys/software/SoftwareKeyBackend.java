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
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys in this process. A handle is the private key (PKCS #8, or the bytes of a symmetric key) sealed under the master
 * key, bound to the key version and its kind, so that a row's handle is of no use in another row. Opened keys stay in a
 * bounded cache. Thread-safe; close it when the server stops.
 */
public final class SoftwareKeyBackend implements KeyBackend, AutoCloseable {
    public static final String NAME = "software";
    private static final int CACHED = 1024;
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
    private final Cache<PrivateKey> privates = new Cache<>(CACHED);
    private final Cache<PublicKey> publics = new Cache<>(CACHED);
    private final Cache<SecretKey> secrets = new Cache<>(CACHED);

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
                return new Made(key.part(), root.seal(clear, context(spec, version)));
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
                        ? aes.encrypt(secretKey(key), algorithm, plaintext, iv, associatedData)
                        : CipherText.of(rsa.encrypt(publicKey(key), algorithm, plaintext)),
                "The value cannot be encrypted with this key and " + algorithm.wire() + ".");
    }

    @Override
    public SecretBytes decrypt(
            BackendKey key, CipherAlgorithm algorithm, CipherText ciphertext, Optional<byte[]> associatedData)
            throws CryptoRefusedException {
        return attempt(
                () -> key.spec() instanceof KeySpec.Oct
                        ? aes.decrypt(secretKey(key), algorithm, ciphertext, associatedData)
                        : uses.call(() -> rsa.decrypt(privateKey(key), algorithm, ciphertext.bytes())),
                "The value was not encrypted with this key version and " + algorithm.wire() + ".");
    }

    @Override
    public byte[] sign(BackendKey key, SignAlgorithm algorithm, byte[] digest) {
        return sure(() -> key.spec() instanceof KeySpec.Rsa r
                ? uses.call(() -> rsa.sign(privateKey(key), r.bits(), algorithm, digest))
                : uses.call(() -> ec.sign(privateKey(key), algorithm, digest)));
    }

    @Override
    public boolean verify(BackendKey key, SignAlgorithm algorithm, byte[] digest, byte[] signature) {
        return sure(() -> key.spec() instanceof KeySpec.Rsa
                ? rsa.verify(publicKey(key), algorithm, digest, signature)
                : ec.verify(publicKey(key), algorithm, digest, signature));
    }

    @Override
    public byte[] random(int count) {
        byte[] out = new byte[count];
        random.nextBytes(out);
        return out;
    }

    @Override
    public byte[] backup(BackendKey key) {
        try (SecretBytes clear = open(key)) {
            return root.seal(clear, "keyturn key backup|" + key.spec().text() + "|" + key.version());
        }
    }

    @Override
    public byte[] restore(KeySpec spec, String version, PublicPart publicPart, byte[] backup)
            throws CryptoRefusedException {
        try (SecretBytes clear = root.open(backup, "keyturn key backup|" + spec.text() + "|" + version)) {
            return root.seal(clear, context(spec, version));
        } catch (IllegalStateException e) {
            throw new CryptoRefusedException("The backup was not made from this key version on this server.");
        }
    }

    @Override
    public void destroy(BackendKey key) {
        privates.forget(key.handle());
        secrets.forget(key.handle());
        publics.forget(key.handle());
    }

    @Override
    public void close() {
        uses.close();
        generations.close();
        ready.close();
    }

    private static String context(KeySpec spec, String version) {
        return "keyturn key|" + spec.text() + "|" + version;
    }

    /** Seals and zeroes {@code clear}. */
    private Made made(KeySpec spec, String version, PublicPart part, byte[] clear) {
        try (SecretBytes secret = SecretBytes.adopt(clear)) {
            return new Made(part, root.seal(secret, context(spec, version)));
        }
    }

    private SecretBytes open(BackendKey key) {
        return root.open(key.handle(), context(key.spec(), key.version()));
    }

    private PrivateKey privateKey(BackendKey key) {
        return privates.get(key.handle(), () -> {
            try (SecretBytes clear = open(key)) {
                byte[] pkcs8 = clear.reveal(byte[]::clone);
                try {
                    return sure(() -> key.publicPart() instanceof PublicPart.Ec e
                            ? ec.parse(e.curve(), pkcs8)
                            : rsa.parse(pkcs8));
                } finally {
                    Arrays.fill(pkcs8, (byte) 0);
                }
            }
        });
    }

    private PublicKey publicKey(BackendKey key) {
        return publics.get(
                key.handle(),
                () -> sure(() -> switch (key.publicPart()) {
                    case PublicPart.Rsa r -> rsa.parse(r);
                    case PublicPart.Ec e -> ec.parse(e);
                    case PublicPart.None _ -> throw new IllegalArgumentException(key + " has no public part");
                }));
    }

    private SecretKey secretKey(BackendKey key) {
        return secrets.get(key.handle(), () -> {
            try (SecretBytes clear = open(key)) {
                return clear.reveal(bytes -> new SecretKeySpec(bytes, "AES"));
            }
        });
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

    private static <T> T sure(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("key operation failed", e);
        }
    }
}

package dev.keyturn.core.envelope;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyTraces;
import dev.keyturn.core.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A set key in use: seals data keys into envelopes and opens them. AES-256-GCM (NIST SP 800-38D) with a random 96-bit
 * nonce and a 128-bit tag; the associated data are the ids of artifact, set and set key, so that an envelope opens for
 * no other artifact and no other set.
 *
 * <p>Holds the set key in clear until closed, so it lives as short as its user needs it. However many envelopes it
 * seals and opens, it leaves no copies of keys behind: one key object, one cipher and one MAC for its life, which forget
 * with its end. Not thread-safe.
 */
public final class SetKeyCipher implements AutoCloseable {
    static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int CHECK_BYTES = 16;
    private static final byte[] CONTEXT = "keyturn envelope v1|".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHECK_LABEL = "keyturn data key check v1".getBytes(StandardCharsets.US_ASCII);

    private final SetKeyId id;
    private final SecretBytes key;
    private final SecretKey aes;
    private final SecureRandom random;
    private final Cipher cipher;
    private final Mac mac;
    /** A rotation asks for one set a million times. */
    private Optional<ArmId> lastSet = Optional.empty();

    private byte[] lastSetText = new byte[0];

    /** Takes the key over and closes it with itself. */
    public SetKeyCipher(SetKeyId id, SecretBytes key, SecureRandom random) {
        if (key.length() != KEY_BYTES) {
            key.close();
            throw new IllegalArgumentException("a set key has " + KEY_BYTES + " bytes");
        }
        this.id = id;
        this.key = key;
        this.aes = key.asKey("AES");
        this.random = random;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
            this.mac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            key.close();
            throw new IllegalStateException("AES-GCM and HMAC-SHA256 are part of every Java runtime", e);
        }
    }

    public SetKeyId id() {
        return id;
    }

    /** A new data-encryption key: 256 random bits. */
    public static SecretBytes newDataKey(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return SecretBytes.adopt(bytes);
    }

    public Envelope seal(ArtifactId artifact, Optional<ArmId> set, SecretBytes dataKey) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            initialize(Cipher.ENCRYPT_MODE, nonce);
            addAssociatedData(artifact, set);
            byte[] sealed = dataKey.reveal(this::finish);
            return new Envelope(id, nonce, sealed, check(dataKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an envelope could not be sealed", e);
        }
    }

    /**
     * The data key in an envelope.
     *
     * @throws EnvelopeDamagedException where the envelope was not sealed under this set key for this artifact and set,
     *     or holds another data key than the one the artifact was encrypted under
     */
    public SecretBytes open(ArtifactId artifact, Optional<ArmId> set, Envelope envelope) {
        if (!envelope.setKey().equals(id)) {
            throw new EnvelopeDamagedException(artifact, "its envelope is under another set key");
        }
        SecretBytes dataKey;
        try {
            initialize(Cipher.DECRYPT_MODE, envelope.nonce());
            addAssociatedData(artifact, set);
            dataKey = SecretBytes.adopt(cipher.doFinal(envelope.sealed()));
        } catch (AEADBadTagException e) {
            throw new EnvelopeDamagedException(artifact, "its envelope does not open under its set key");
        } catch (GeneralSecurityException e) {
            throw new EnvelopeDamagedException(artifact, "its envelope has not the form of an envelope");
        }
        if (!MessageDigest.isEqual(check(dataKey), envelope.check())) {
            dataKey.close();
            throw new EnvelopeDamagedException(artifact, "its envelope holds another data key than its artifact has");
        }
        return dataKey;
    }

    private byte[] finish(byte[] plaintext) {
        try {
            return cipher.doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an envelope could not be sealed", e);
        }
    }

    private void initialize(int mode, byte[] nonce) throws GeneralSecurityException {
        cipher.init(mode, aes, new GCMParameterSpec(TAG_BITS, nonce), random);
    }

    /** {@code keyturn envelope v1|<artifact>|<set's id in lower case, or platform>|<set key>} */
    private void addAssociatedData(ArtifactId artifact, Optional<ArmId> set) {
        if (!set.equals(lastSet) || lastSetText.length == 0) {
            lastSet = set;
            lastSetText = ("|" + set.map(ArmId::key).orElse("platform") + "|" + id).getBytes(StandardCharsets.UTF_8);
        }
        cipher.updateAAD(CONTEXT);
        cipher.updateAAD(Long.toString(artifact.value()).getBytes(StandardCharsets.US_ASCII));
        cipher.updateAAD(lastSetText);
    }

    private byte[] check(SecretBytes dataKey) {
        try {
            mac.init(dataKey.asKey("HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 takes keys of any length", e);
        }
        return Arrays.copyOf(mac.doFinal(CHECK_LABEL), CHECK_BYTES);
    }

    @Override
    public void close() {
        key.close();
        KeyTraces.wipe(cipher);
        KeyTraces.wipe(mac);
    }
}

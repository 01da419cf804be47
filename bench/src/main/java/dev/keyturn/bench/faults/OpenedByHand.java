package dev.keyturn.bench.faults;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens what a server left, from the master key down to the image, with nothing but the JDK and the formats as the
 * documents have them: a second reader that shares no code with the first. What does not open is a
 * {@link GeneralSecurityException}. For keys of a trial alone: nothing here is zeroed.
 */
final class OpenedByHand {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int PART = NONCE + 32 + TAG_BITS / 8;
    private static final byte[] SALT = ascii("keyturn simulated host");

    private OpenedByHand() {}

    /** What the master key sealed: {@code 1 | nonce | ciphertext | tag}, with its context as associated data. */
    static byte[] sealed(byte[] master, byte[] sealed, String context) throws GeneralSecurityException {
        if (sealed.length < 1 + NONCE || sealed[0] != 1) {
            throw new GeneralSecurityException("not the form of what a master key seals");
        }
        return gcm(
                Cipher.DECRYPT_MODE,
                master,
                Arrays.copyOfRange(sealed, 1, 1 + NONCE),
                Arrays.copyOfRange(sealed, 1 + NONCE, sealed.length),
                context.getBytes(StandardCharsets.UTF_8));
    }

    /** The private key of a version, of its handle. */
    static PrivateKey privateKey(byte[] master, byte[] handle, String spec, String version)
            throws GeneralSecurityException {
        byte[] pkcs8 = sealed(master, handle, "keyturn key|" + spec + "|" + version);
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** RSA-OAEP-256. */
    static byte[] unwrap(PrivateKey key, byte[] wrapped) throws GeneralSecurityException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
        rsa.init(
                Cipher.DECRYPT_MODE,
                key,
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        return rsa.doFinal(wrapped);
    }

    /** The data key in an envelope; {@code set} is the set's id in lower case, or {@code platform}. */
    static byte[] envelope(byte[] setKey, long artifact, String set, String setKeyId, Envelope envelope)
            throws GeneralSecurityException {
        byte[] aad = ("keyturn envelope v1|" + artifact + "|" + set + "|" + setKeyId).getBytes(StandardCharsets.UTF_8);
        byte[] dataKey = gcm(Cipher.DECRYPT_MODE, setKey, envelope.nonce(), envelope.sealed(), aad);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(dataKey, "HmacSHA256"));
        byte[] check = Arrays.copyOf(mac.doFinal(ascii("keyturn data key check v1")), 16);
        if (!MessageDigest.isEqual(check, envelope.check())) {
            throw new GeneralSecurityException("the envelope holds another data key than its artifact had");
        }
        return dataKey;
    }

    record Envelope(byte[] nonce, byte[] sealed, byte[] check) {}

    /** Opens every part of a simulated image; {@code kind} as its row has it. */
    static void image(byte[] dataKey, long artifact, String kind, byte[] image) throws GeneralSecurityException {
        List<String> uses = switch (kind) {
            case "GUEST_STATE" -> List.of("vtpm state", "uefi variables");
            case "OS_DISK" -> List.of("os disk");
            case "DATA_DISK" -> List.of("data disk");
            default -> throw new GeneralSecurityException("an image of the unknown kind " + kind);
        };
        if (image.length != PART * uses.size()) {
            throw new GeneralSecurityException("an image of " + image.length + " bytes");
        }
        byte[] aad = ByteBuffer.allocate(Long.BYTES).putLong(artifact).array();
        for (int i = 0; i < uses.size(); i++) {
            byte[] key = KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(dataKey)
                            .addSalt(SALT)
                            .thenExpand(ascii(uses.get(i)), 32));
            gcm(
                    Cipher.DECRYPT_MODE,
                    key,
                    Arrays.copyOfRange(image, i * PART, i * PART + NONCE),
                    Arrays.copyOfRange(image, i * PART + NONCE, (i + 1) * PART),
                    aad);
        }
    }

    private static byte[] gcm(int mode, byte[] key, byte[] nonce, byte[] text, byte[] aad)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(text);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

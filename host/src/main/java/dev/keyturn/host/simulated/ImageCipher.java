package dev.keyturn.host.simulated;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyTraces;
import dev.keyturn.core.model.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Makes and opens simulated images. An image has one part per use of its data key (a guest state two: vTPM state and
 * UEFI variables), each random content under AES-256-GCM with a key of its own, derived from the data key by
 * HKDF-SHA256 (RFC 5869) with the use as label. The artifact's id is associated data, so an image opens in its own
 * place only. Thread-safe.
 */
final class ImageCipher {
    private static final int NONCE = 12;
    private static final int CONTENT = 32;
    private static final int TAG = 16;
    private static final int PART = NONCE + CONTENT + TAG;
    private static final byte[] SALT = "keyturn simulated host".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random;

    ImageCipher(SecureRandom random) {
        this.random = random;
    }

    byte[] seal(ArtifactId artifact, ArtifactKind kind, SecretBytes dataKey) {
        List<String> uses = uses(kind);
        ByteBuffer image = ByteBuffer.allocate(PART * uses.size());
        byte[] content = new byte[CONTENT];
        byte[] nonce = new byte[NONCE];
        for (String use : uses) {
            random.nextBytes(content);
            random.nextBytes(nonce);
            image.put(nonce).put(run(Cipher.ENCRYPT_MODE, dataKey, use, artifact, nonce, content));
        }
        return image.array();
    }

    /** Whether every part of the image opens with the key. */
    boolean opens(ArtifactId artifact, ArtifactKind kind, byte[] image, SecretBytes dataKey) {
        List<String> uses = uses(kind);
        if (image.length != PART * uses.size()) {
            return false;
        }
        for (int i = 0; i < uses.size(); i++) {
            byte[] nonce = Arrays.copyOfRange(image, i * PART, i * PART + NONCE);
            byte[] sealed = Arrays.copyOfRange(image, i * PART + NONCE, (i + 1) * PART);
            try {
                Arrays.fill(run(Cipher.DECRYPT_MODE, dataKey, uses.get(i), artifact, nonce, sealed), (byte) 0);
            } catch (DoesNotOpen e) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the image with one bit of its ciphertext turned over. */
    static byte[] damaged(byte[] image) {
        byte[] copy = image.clone();
        copy[copy.length - 1] ^= 1;
        return copy;
    }

    private static List<String> uses(ArtifactKind kind) {
        return switch (kind) {
            case GUEST_STATE -> List.of("vtpm state", "uefi variables");
            case OS_DISK -> List.of("os disk");
            case DATA_DISK -> List.of("data disk");
        };
    }

    private static byte[] run(
            int mode, SecretBytes dataKey, String use, ArtifactId artifact, byte[] nonce, byte[] input) {
        try (SecretBytes key = derive(dataKey, use)) {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.asKey("AES"), new GCMParameterSpec(TAG * 8, nonce));
            cipher.updateAAD(
                    ByteBuffer.allocate(Long.BYTES).putLong(artifact.value()).flip());
            try {
                return cipher.doFinal(input);
            } finally {
                KeyTraces.wipe(cipher);
            }
        } catch (AEADBadTagException e) {
            throw new DoesNotOpen(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        }
    }

    private static SecretBytes derive(SecretBytes dataKey, String use) {
        try {
            KDF hkdf = KDF.getInstance("HKDF-SHA256");
            byte[] label = use.getBytes(StandardCharsets.US_ASCII);
            return SecretBytes.adopt(hkdf.deriveData(HKDFParameterSpec.ofExtract()
                    .addIKM(dataKey.asKey("HKDF"))
                    .addSalt(SALT)
                    .thenExpand(label, 32)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is not available", e);
        }
    }

    private static final class DoesNotOpen extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DoesNotOpen(Throwable cause) {
            super("the image does not open", cause, false, false);
        }
    }
}

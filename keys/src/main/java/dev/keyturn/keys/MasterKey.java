package dev.keyturn.keys;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.model.KeyTraces;
import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The root of everything that is kept: 256 bits in a file that only its owner may read. Seals with AES-256-GCM under a
 * random 96-bit nonce; the context is the associated data. A sealed value is {@code 1 | nonce | ciphertext | tag}.
 *
 * <p>The key lives in memory, once, for as long as the server does. Thread-safe.
 */
public final class MasterKey implements PlatformKey {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte FORMAT = 1;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final SecretKey key;
    private final SecureRandom random;

    private MasterKey(byte[] key, SecureRandom random) {
        this.key = SecretBytes.copyOf(key).asKey("AES");
        this.random = random;
    }

    /** Takes the 32 bytes; they are copied, and stay the caller's to zero. */
    public static MasterKey of(byte[] key, SecureRandom random) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a master key has " + KEY_BYTES + " bytes, not " + key.length);
        }
        return new MasterKey(key, random);
    }

    /**
     * Reads the key file.
     *
     * @throws MasterKeyFileException where it is missing, is no file of 32 bytes, or others than its owner may read or
     *     write it; the message says what to do
     */
    public static MasterKey load(Path file) throws IOException, MasterKeyFileException {
        byte[] bytes;
        try {
            requireOwnerOnly(file);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new MasterKeyFileException("The master key " + file + " is not a regular file.");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new MasterKeyFileException("The master key " + file
                    + " is missing. Without it nothing that this server keeps can be opened: put it back from your"
                    + " backup.");
        }
        try {
            if (bytes.length != KEY_BYTES) {
                throw new MasterKeyFileException("The master key " + file + " has " + bytes.length + " bytes, not "
                        + KEY_BYTES + ": it is damaged. Put it back from your backup.");
            }
            return of(bytes, new SecureRandom());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Makes a new key file, whole or not at all, with mode 0600, and reads it. For the first start alone: a new key
     * opens nothing that an older one sealed.
     *
     * @throws MasterKeyFileException where there is one already
     */
    public static MasterKey create(Path file, SecureRandom random) throws IOException, MasterKeyFileException {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
        Path fresh = directory.resolve(file.getFileName() + "." + UUID.randomUUID() + ".new");
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        try {
            try (FileChannel out = FileChannel.open(
                    fresh,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
                ByteBuffer source = ByteBuffer.wrap(bytes);
                while (source.hasRemaining()) {
                    out.write(source);
                }
                out.force(true);
            }
            // A link, not a move: it fails where the name is taken, in one step.
            Files.createLink(file, fresh);
            try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
                entry.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            throw new MasterKeyFileException("There is a master key at " + file + " already; it is not replaced.");
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Files.deleteIfExists(fresh);
        }
        return load(file);
    }

    private static void requireOwnerOnly(Path file) throws IOException, MasterKeyFileException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new MasterKeyFileException("The master key " + file + " has permissions "
                    + PosixFilePermissions.toString(permissions)
                    + ": others than its owner can get at it. Consider whether someone did, then run: chmod 600 "
                    + file);
        }
    }

    /**
     * A value that is the same for the same key and tells nothing about it: kept beside the data, it shows at the next
     * start whether the key belongs to them.
     */
    public byte[] fingerprint() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] whole = mac.doFinal("keyturn master key fingerprint".getBytes(StandardCharsets.UTF_8));
            KeyTraces.wipe(mac);
            return Arrays.copyOf(whole, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }

    @Override
    public byte[] seal(SecretBytes plaintext, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            byte[] out = new byte[1 + NONCE_BYTES + cipher.getOutputSize(plaintext.length())];
            out[0] = FORMAT;
            System.arraycopy(nonce, 0, out, 1, NONCE_BYTES);
            return plaintext.reveal(bytes -> {
                try {
                    cipher.doFinal(bytes, 0, bytes.length, out, 1 + NONCE_BYTES);
                    return out;
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("sealing failed", e);
                } finally {
                    KeyTraces.wipe(cipher);
                }
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    @Override
    public SecretBytes open(byte[] sealed, String context) {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / 8 || sealed[0] != FORMAT) {
            throw new IllegalStateException("no value that a master key sealed");
        }
        try {
            byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
            try {
                return SecretBytes.adopt(cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES));
            } finally {
                KeyTraces.wipe(cipher);
            }
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    "sealed by another master key, for another context than '" + context + "', or damaged", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening failed", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }
}

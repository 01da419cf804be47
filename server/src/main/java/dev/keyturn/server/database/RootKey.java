package dev.keyturn.server.database;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.MasterKeyFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds the master key of an installation. A new one is made only while nothing was ever sealed: once the database knows
 * a key's fingerprint, a missing or another key file is an error, not a reason to begin anew. The fingerprint is written
 * where there is none, together with what makes the installation: of two that start on an empty database at once, one
 * makes it.
 */
final class RootKey {
    static final String SETTING = "master-key-fingerprint";

    private RootKey() {}

    private record Kept(String fingerprint, UUID installation) {}

    static Root open(Path file, Transactions transactions, Settings settings, SecureRandom random, KeyAdvice advice)
            throws IOException, MasterKeyFileException {
        Optional<String> known = transactions.read(tx -> settings.find(tx, SETTING));
        if (known.isPresent()) {
            advice.requireRight(file, known.get());
        }
        boolean made = known.isEmpty() && !Files.exists(file);
        MasterKey key = made ? MasterKey.create(file, random) : MasterKey.load(file);
        String own = fingerprint(key);
        Kept kept = transactions.write(tx -> {
            Optional<String> there = settings.find(tx, SETTING);
            if (there.isEmpty()) {
                settings.put(tx, SETTING, own);
            }
            Optional<String> id = settings.find(tx, InstallationGuard.ID);
            UUID installation = id.map(UUID::fromString).orElseGet(UUID::randomUUID);
            if (id.isEmpty()) {
                settings.put(tx, InstallationGuard.ID, installation.toString());
            }
            return new Kept(there.orElse(own), installation);
        });
        if (!fits(key, kept.fingerprint())) { // another node was quicker
            if (made) {
                Files.delete(file); // it has sealed nothing
            }
            advice.requireThere(file);
            throw new MasterKeyFileException(advice.other(file));
        }
        return new Root(key, kept.installation());
    }

    static String fingerprint(MasterKey key) {
        return HexFormat.of().formatHex(key.fingerprint());
    }

    static boolean fits(MasterKey key, String fingerprint) {
        return MessageDigest.isEqual(
                fingerprint(key).getBytes(StandardCharsets.US_ASCII), fingerprint.getBytes(StandardCharsets.US_ASCII));
    }
}

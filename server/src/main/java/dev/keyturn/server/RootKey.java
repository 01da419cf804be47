package dev.keyturn.server;

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

/**
 * Finds the master key of this data directory. A new one is made only while nothing was ever sealed: once the database
 * knows a key's fingerprint, a missing or another key file is an error, not a reason to begin anew.
 */
final class RootKey {
    static final String SETTING = "master-key-fingerprint";

    private RootKey() {}

    /**
     * Looks at the key file before anything is written.
     *
     * @param fingerprint what the right key has
     * @throws MasterKeyFileException where there is none, or another
     */
    static void requireRight(Path file, String fingerprint) throws IOException, MasterKeyFileException {
        if (!fits(MasterKey.load(file), fingerprint)) {
            throw new MasterKeyFileException("The master key " + file
                    + " is not the one that this data directory was sealed with. Put the right one back from your"
                    + " backup.");
        }
    }

    static MasterKey open(Path file, Transactions transactions, Settings settings, SecureRandom random)
            throws IOException, MasterKeyFileException {
        Optional<String> known = transactions.read(tx -> settings.find(tx, SETTING));
        if (known.isPresent()) {
            requireRight(file, known.get());
            return MasterKey.load(file);
        }
        MasterKey key = Files.exists(file) ? MasterKey.load(file) : MasterKey.create(file, random);
        transactions.run(tx -> settings.put(tx, SETTING, fingerprint(key)));
        return key;
    }

    static String fingerprint(MasterKey key) {
        return HexFormat.of().formatHex(key.fingerprint());
    }

    private static boolean fits(MasterKey key, String fingerprint) {
        return MessageDigest.isEqual(
                fingerprint(key).getBytes(StandardCharsets.US_ASCII), fingerprint.getBytes(StandardCharsets.US_ASCII));
    }
}

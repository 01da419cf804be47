package dev.keyturn.server;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.MasterKeyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static MasterKey open(Path file, Transactions transactions, Settings settings, SecureRandom random)
            throws IOException, MasterKeyFileException {
        Optional<String> known = transactions.read(tx -> settings.find(tx, SETTING));
        MasterKey key = known.isPresent() || Files.exists(file) ? MasterKey.load(file) : MasterKey.create(file, random);
        String fingerprint = HexFormat.of().formatHex(key.fingerprint());
        if (known.isPresent() && !known.get().equals(fingerprint)) {
            throw new MasterKeyFileException("The master key " + file
                    + " is not the one that this data directory was sealed with. Put the right one back from your"
                    + " backup.");
        }
        transactions.run(tx -> settings.put(tx, SETTING, fingerprint));
        return key;
    }
}

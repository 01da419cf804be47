package dev.keyturn.server.database;

import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.MasterKeyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What somebody is told whose master key is not the one that the database was sealed with. */
enum KeyAdvice {
    /** The database is in the same directory as the key. */
    EMBEDDED {
        @Override
        void requireThere(Path file) {} // whoever loads it says so

        @Override
        String other(Path file) {
            return "The master key " + file
                    + " is not the one that this data directory was sealed with. Put the right one back from your"
                    + " backup.";
        }
    },
    /** Other nodes have the key: each has a copy of one file. */
    SHARED {
        @Override
        void requireThere(Path file) throws MasterKeyFileException {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new MasterKeyFileException("The database has an installation already, and this node does not have"
                        + " its master key. " + copy(file));
            }
        }

        @Override
        String other(Path file) {
            return "The master key " + file
                    + " is not the one that the installation in the database was sealed with. Move it away; then: "
                    + copy(file);
        }
    };

    abstract void requireThere(Path file) throws MasterKeyFileException;

    abstract String other(Path file);

    /**
     * Looks at the key file before anything is written.
     *
     * @param fingerprint what the right key has
     * @throws MasterKeyFileException where there is none, or another
     */
    void requireRight(Path file, String fingerprint) throws IOException, MasterKeyFileException {
        requireThere(file);
        if (!RootKey.fits(MasterKey.load(file), fingerprint)) {
            throw new MasterKeyFileException(other(file));
        }
    }

    private static String copy(Path file) {
        return "Copy the file master.key from the data directory of another node, or from your backup, to " + file
                + ", readable by this server's user alone (chmod 600).";
    }
}

package dev.keyturn.core.key;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rows of keys and key versions. Key names compare without regard to case, versions are lower case. A key always
 * has at least one version once the transaction that made it has ended.
 */
@CheckReturnValue
public interface KeyStore {
    /** Missed, and nothing changed, where the vault has a key of that name, live or deleted. */
    Hit insert(Tx tx, Key key);

    /** Live or deleted. */
    Optional<Key> find(Tx tx, VaultId vault, String name);

    /** Replaces everything but vault, name and creation time. */
    void update(Tx tx, Key key);

    /** Deletes the key and all its versions for good. */
    void purge(Tx tx, VaultId vault, String name);

    /** @throws IllegalStateException where the version exists */
    void insert(Tx tx, KeyVersion version);

    /** Replaces operations, attributes, tags and release policy. */
    void update(Tx tx, KeyVersion version);

    Optional<KeyVersion> version(Tx tx, VaultId vault, String name, String version);

    /** The version with the highest sequence. */
    Optional<KeyVersion> latest(Tx tx, VaultId vault, String name);

    /** In the order of versions' texts, which {@code after} is one of. */
    List<KeyVersion> versions(Tx tx, VaultId vault, String name, Optional<String> after, int limit);

    /** Live keys (or, with {@code deleted}, soft-deleted ones) in the order of lower-case names. */
    List<KeyEntry> page(Tx tx, VaultId vault, boolean deleted, Optional<String> afterName, int limit);

    /** How many live keys the vault has. */
    long count(Tx tx, VaultId vault);

    /** Live keys of live vaults whose {@link Key#nextRotation} is not after {@code now}, the longest due first. */
    List<Key> rotationDue(Tx tx, Instant now, int limit);

    /** Soft-deleted keys whose {@link Deletion#purgeAt} is not after {@code now}. */
    List<Key> purgeDue(Tx tx, Instant now, int limit);
}

package dev.keyturn.core.vault;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rows of vaults and managed HSMs, live and soft-deleted. The head of a live one is in the resources' table and
 * goes along with every call; the head of a deleted one is a copy in the vault's own row. Names compare without regard
 * to case and are unique per kind over the whole server, deleted ones included.
 */
@CheckReturnValue
public interface VaultStore {
    /** Head and row; missed, and nothing changed, where the id is taken, or the name (by a live or a deleted one). */
    Hit insert(Tx tx, Vault vault);

    /** The live one with this id. */
    Optional<Vault> find(Tx tx, ArmId id);

    /** Live or deleted. */
    Optional<Vault> find(Tx tx, VaultId id);

    /** Live or deleted. */
    Optional<Vault> byName(Tx tx, VaultKind kind, String name);

    /** Replaces a live one, head included, where the stored revision is one less than the given; missed otherwise. */
    Hit update(Tx tx, Vault vault);

    /** Takes the head out of the resources and keeps it in the row along with {@link Vault#deleted}. */
    void softDelete(Tx tx, Vault vault);

    /** Replaces the deletion of a soft-deleted one. */
    void postpone(Tx tx, VaultId id, Deletion deletion);

    /** Puts the head back among the resources; missed, and nothing changed, where its id is taken by now. */
    Hit recover(Tx tx, Vault vault);

    /** Deletes a soft-deleted one for good, with its keys and their versions. */
    void purge(Tx tx, VaultId id);

    /** Live ones in the order of {@link ArmId#key()}, which {@code after} is one of. */
    List<Vault> page(Tx tx, VaultKind kind, String subscription, Reach reach, Optional<String> after, int limit);

    /** As the other, of a group, or of all where none is named. */
    default List<Vault> page(
            Tx tx, VaultKind kind, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return page(tx, kind, subscription, Reach.in(group), after, limit);
    }

    /** Soft-deleted ones in the order of lower-case names, which {@code after} is one of. */
    List<Vault> deleted(Tx tx, VaultKind kind, String subscription, Optional<String> after, int limit);

    /** Soft-deleted ones whose {@link Deletion#purgeAt} is not after {@code now}. */
    List<Vault> purgeDue(Tx tx, Instant now, int limit);
}

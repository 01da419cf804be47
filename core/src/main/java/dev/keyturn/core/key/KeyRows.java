package dev.keyturn.core.key;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.OutcomeUnknown;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Deletions;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.KeysOfVault;
import dev.keyturn.core.vault.Pages;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultId;
import dev.keyturn.core.vault.VaultStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the services of keys share: the stores, and the questions they all ask inside a transaction. */
final class KeyRows implements KeysOfVault {
    private static final int PAGE = 200;

    final Transactions transactions;
    final Doors doors;
    final VaultStore vaults;
    final KeyStore keys;
    final KeyBackends backends;
    final KeyAccess access;
    final VaultHosts hosts;
    private final SetKeyStore setKeys;
    private final Deletions deletions;
    private final SecureRandom random;

    KeyRows(
            Transactions transactions,
            Doors doors,
            VaultStore vaults,
            KeyStore keys,
            SetKeyStore setKeys,
            KeyBackends backends,
            KeyAccess access,
            VaultHosts hosts,
            Deletions deletions,
            SecureRandom random) {
        this.transactions = transactions;
        this.doors = doors;
        this.vaults = vaults;
        this.keys = keys;
        this.setKeys = setKeys;
        this.backends = backends;
        this.access = access;
        this.hosts = hosts;
        this.deletions = deletions;
        this.random = random;
    }

    /** May the caller do that with the key of that name? */
    Ask ask(Vault vault, KeyPermission permission, String key) {
        return access.ask(vault, permission, Optional.of(key), Optional.empty());
    }

    /** May the caller use that version of the key, or the latest? */
    Ask ask(Vault vault, KeyPermission permission, String key, Optional<String> version) {
        return access.ask(vault, permission, Optional.of(key), version);
    }

    /** May the caller do that in the vault as a whole? */
    Ask ask(Vault vault, KeyPermission permission) {
        return access.ask(vault, permission, Optional.empty(), Optional.empty());
    }

    KeyId id(Vault vault, KeyVersion version) {
        return hosts.keyId(vault, version.name(), version.version());
    }

    /** Key Vault counts in whole seconds. */
    Instant now() {
        return deletions.now();
    }

    /** A deletion that happens now, of what is kept for that many days. */
    Deletion deletion(int days) {
        return deletions.in(days);
    }

    String newVersion() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The vault as it is in this transaction; refuses one that was deleted since the request began. */
    Vault live(Tx tx, Vault vault) {
        return vaults.find(tx, vault.id())
                .filter(v -> v.deleted().isEmpty())
                .orElseThrow(() -> KeyRefusals.vaultNotFound(hosts.authority(vault)));
    }

    Optional<Key> findLive(Tx tx, VaultId vault, String name) {
        return keys.find(tx, vault, name).filter(k -> k.deleted().isEmpty());
    }

    Key liveKey(Tx tx, Vault vault, String name) {
        return findLive(tx, live(tx, vault).id(), name).orElseThrow(() -> KeyRefusals.notFound(name));
    }

    Key deletedKey(Tx tx, Vault vault, String name) {
        return keys.find(tx, live(tx, vault).id(), name)
                .filter(k -> k.deleted().isPresent())
                .orElseThrow(() -> KeyRefusals.deletedNotFound(name));
    }

    /** A version of a live key; the latest where none is named. */
    KeyVersion version(Tx tx, Vault vault, String name, Optional<String> version) {
        Key key = liveKey(tx, vault, name);
        return version.isEmpty()
                ? latest(tx, key)
                : keys.version(tx, key.vault(), key.name(), version.get())
                        .orElseThrow(() -> KeyRefusals.notFound(name + "/" + version.get()));
    }

    KeyVersion latest(Tx tx, Key key) {
        return keys.latest(tx, key.vault(), key.name())
                .orElseThrow(() -> new IllegalStateException("key " + key.name() + " has no version"));
    }

    /** Adds a version: the key's first one, or a later one of a live key. */
    KeyVersion add(Tx tx, Vault vault, KeyVersion draft) {
        Vault live = live(tx, vault);
        Optional<Key> present = keys.find(tx, live.id(), draft.name());
        if (present.filter(k -> k.deleted().isPresent()).isPresent()) {
            throw KeyRefusals.nameDeleted(draft.name());
        }
        if (present.isEmpty()) {
            Key fresh = new Key(
                    live.id(),
                    draft.name(),
                    draft.attributes().created(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            keys.insert(tx, fresh).require(fresh.name());
            keys.insert(tx, draft);
            return draft;
        }
        KeyVersion next = draft.after(present.get(), latest(tx, present.get()).sequence());
        keys.insert(tx, next);
        reschedule(tx, present.get(), next);
        return next;
    }

    /** Works out anew when the key's policy wants the next version. */
    void reschedule(Tx tx, Key key, KeyVersion latest) {
        keys.update(
                tx,
                key.with(key.rotationPolicy(), key.rotationPolicy().flatMap(p -> p.nextRotation(latest.attributes()))));
    }

    /** All versions of a key, page by page. */
    List<KeyVersion> allVersions(Tx tx, Key key) {
        return Pages.all(
                PAGE, (after, limit) -> keys.versions(tx, key.vault(), key.name(), after, limit), KeyVersion::version);
    }

    /** Whether an artifact of a confidential VM is under that version, in whatever set. */
    boolean inUse(Tx tx, Vault vault, KeyVersion version) {
        return setKeys.inUse(tx, id(vault, version));
    }

    /** The first version of the key that an artifact of a confidential VM is under. */
    Optional<KeyId> inUse(Tx tx, Vault vault, Key key) {
        return allVersions(tx, key).stream()
                .map(v -> hosts.keyId(vault, key.name(), v.version()))
                .filter(id -> setKeys.inUse(tx, id))
                .findFirst();
    }

    @Override
    public Optional<KeyId> inUse(Tx tx, Vault vault) {
        return entries(tx, vault.id())
                .flatMap(e -> inUse(tx, vault, e.key()).stream())
                .findFirst();
    }

    @Override
    public Runnable destroyer(Tx tx, VaultId vault) {
        List<KeyVersion> gone = entries(tx, vault)
                .flatMap(e -> allVersions(tx, e.key()).stream())
                .toList();
        return () -> destroy(gone);
    }

    /** The keys of a vault, live and deleted. */
    private Stream<KeyEntry> entries(Tx tx, VaultId vault) {
        return Stream.of(false, true)
                .flatMap(deleted -> Pages.all(
                        PAGE,
                        (after, limit) -> keys.page(tx, vault, deleted, after, limit),
                        e -> e.key().name().toLowerCase(Locale.ROOT))
                        .stream());
    }

    /** Domain.md: what an artifact is under is deleted only where the client insists. */
    void requireUnused(Optional<KeyId> used, String verb, boolean override) {
        if (!override && used.isPresent()) {
            throw KeyRefusals.inUse(used.get(), verb);
        }
    }

    /** After a write that was to store them failed: they stay where it may be done after all. */
    void destroyUnlessStored(RuntimeException failure, List<KeyVersion> versions) {
        if (!OutcomeUnknown.is(failure)) {
            destroy(versions);
        }
    }

    void destroy(List<KeyVersion> versions) {
        versions.forEach(v -> backends.of(v).destroy(v.backendKey()));
    }
}

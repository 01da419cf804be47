package dev.keyturn.core.key;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyBackend.Made;
import dev.keyturn.core.keycrypto.KeyMaterial;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Live keys and their versions: made, taken in, read, listed, changed. Every method asks first whether the caller may;
 * refusals are in Key Vault's words. {@code vault} is the one the request's host named. Thread-safe; must not be called
 * inside a transaction.
 */
public final class KeyService {
    private final KeyRows rows;

    KeyService(KeyRows rows) {
        this.rows = rows;
    }

    /** A new key, or a new version of the key of that name. */
    public KeyVersion create(Call call, Vault vault, String name, NewKey wanted) {
        return rows.doors.act(
                call,
                rows.ask(vault, KeyPermission.CREATE, name),
                permit -> generate(permit, vault, name, wanted, false));
    }

    /**
     * A new key, whose name must be free.
     *
     * @throws dev.keyturn.core.model.DomainException as {@link #check}
     */
    public KeyVersion createFirst(Call call, Vault vault, String name, NewKey wanted) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.CREATE, name), permit -> {
            requireFits(vault, name, wanted);
            return generate(permit, vault, name, wanted, true);
        });
    }

    /**
     * Refuses what {@link #createFirst} would, with everything that is wrong; makes nothing.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid}, with one entry for each thing that is wrong
     */
    public void check(Call call, Vault vault, String name, NewKey wanted) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.CREATE, name));
        requireFits(vault, name, wanted);
    }

    /** Every rule of a key that is to be made, and whether the name is free. */
    void requireFits(Vault vault, String name, NewKey wanted) {
        boolean exportable = wanted.attributes().exportable().orElse(false);
        List<ErrorInfo> wrong = new ArrayList<>();
        List<Runnable> rules = List.of(
                () -> requireFree(vault, KeyRules.name(name)),
                () -> rows.backends.forNewKeys(vault.kind(), KeyRules.spec(vault, wanted.spec())),
                () -> KeyRules.tags(wanted.tags()),
                () -> wanted.attributes().create(rows.now(), Optional.empty()),
                () -> KeyRules.exportable(vault, wanted.spec(), exportable, wanted.releasePolicy()),
                () -> KeyRules.operations(KeyRules.spec(vault, wanted.spec()), wanted.operations(), exportable));
        for (Runnable rule : rules) {
            try {
                rule.run();
            } catch (DomainException e) {
                if (!wrong.contains(e.error().info())) {
                    wrong.add(e.error().info());
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw DomainError.invalid(wrong).asException();
        }
    }

    private void requireFree(Vault vault, String name) {
        Optional<KeyVersion> there = rows.transactions.read(tx -> latest(tx, vault, name));
        there.ifPresent(_ -> {
            throw KeyRefusals.badParameter(
                    "key-name",
                    "There is a key '" + name + "' in " + vault.name()
                            + " already. Make a new version of it, or choose another name.");
        });
    }

    /** A new key, or with {@code onlyFirst} the latest version of the one that has the name. */
    KeyVersion generate(Permit permit, Vault vault, String name, NewKey wanted, boolean onlyFirst) {
        long exponent = KeyRules.exponent(vault, wanted.spec(), wanted.exponent());
        return make(
                permit,
                vault,
                name,
                wanted,
                onlyFirst,
                (backend, spec, version) -> spec instanceof KeySpec.Rsa rsa
                        ? backend.generate(rsa, version, exponent)
                        : backend.generate(spec, version));
    }

    /** Takes a key in; {@code material} stays the caller's to close. */
    public KeyVersion take(Call call, Vault vault, String name, NewKey wanted, KeyMaterial material) {
        Source source = (backend, spec, version) -> {
            try {
                return backend.take(spec, version, material);
            } catch (CryptoRefusedException e) {
                throw KeyRefusals.badParameter("key", e.reason());
            }
        };
        return rows.doors.act(
                call,
                rows.ask(vault, KeyPermission.IMPORT, name),
                permit -> make(permit, vault, name, wanted, false, source));
    }

    /** One version, or the latest. */
    public KeyVersion get(Call call, Vault vault, String name, Optional<String> version) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.GET, name));
        KeyRules.name(name);
        return rows.transactions.read(tx -> rows.version(tx, vault, name, version));
    }

    /** A version, and whether an artifact of a confidential VM is under it, in whatever set. */
    public record InUse(KeyVersion version, boolean used) {}

    /** As {@link #get}, with whether it is in use, as of one moment. */
    public InUse inUse(Call call, Vault vault, String name, String version) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.GET, name));
        KeyRules.name(name);
        return rows.transactions.read(tx -> {
            KeyVersion found = rows.version(tx, vault, name, Optional.of(version));
            return new InUse(found, rows.inUse(tx, vault, found));
        });
    }

    /** A page of keys, from after the lower-case name {@code after}. */
    public List<KeyEntry> list(Call call, Vault vault, Optional<String> after, int limit) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.LIST));
        return rows.transactions.read(
                tx -> rows.keys.page(tx, rows.live(tx, vault).id(), false, after, limit));
    }

    /** How many keys there are to list. */
    public long count(Call call, Vault vault) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.LIST));
        return rows.transactions.read(
                tx -> rows.keys.count(tx, rows.live(tx, vault).id()));
    }

    /** A page of a key's versions, from after the version {@code after}; empty for a key that does not exist. */
    public List<KeyVersion> versions(Call call, Vault vault, String name, Optional<String> after, int limit) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.LIST, name));
        KeyRules.name(name);
        return rows.transactions.read(
                tx -> rows.findLive(tx, rows.live(tx, vault).id(), name)
                        .map(k -> rows.keys.versions(tx, k.vault(), k.name(), after, limit))
                        .orElse(List.of()));
    }

    /** Changes attributes, operations, tags or the release policy of a version, or of the latest. */
    public KeyVersion update(Call call, Vault vault, String name, Optional<String> version, KeyChanges changes) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.UPDATE, name, version), permit -> {
            KeyRules.name(name);
            return permit.write(tx -> {
                KeyVersion old = rows.version(tx, vault, name, version);
                KeyVersion changed = changed(vault, old, version.isPresent(), changes);
                rows.keys.update(tx, changed);
                KeyVersion latest =
                        rows.keys.latest(tx, old.vault(), old.name()).orElseThrow();
                rows.reschedule(tx, rows.liveKey(tx, vault, name), latest);
                permit.on(rows.id(vault, changed));
                return changed;
            });
        });
    }

    /** Refuses what {@link #update} would refuse of these changes of a version, and changes nothing. */
    public void check(Call call, Vault vault, String name, String version, KeyChanges changes) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.UPDATE, name, Optional.of(version)));
        changed(
                vault,
                rows.transactions.read(tx -> rows.version(tx, vault, name, Optional.of(version))),
                true,
                changes);
    }

    private KeyVersion changed(Vault vault, KeyVersion old, boolean named, KeyChanges changes) {
        KeyAttributes attributes = changes.attributes().applyTo(old.attributes(), rows.now());
        Set<KeyOperation> operations = changes.operations()
                .map(asked -> KeyRules.operations(old.spec(), Optional.of(asked), attributes.exportable()))
                .orElse(old.operations());
        Map<String, String> tags = changes.tags().map(KeyRules::tags).orElse(old.tags());
        Optional<ReleasePolicy> policy = policy(old, changes.releasePolicy());
        if (named && vault.kind() == VaultKind.VAULT) {
            ReleasePolicy.requireSame(old.releasePolicy(), policy);
        }
        KeyRules.exportable(vault, old.spec(), attributes.exportable(), policy);
        return old.with(operations, attributes, tags, policy);
    }

    /** The id under which clients know a version. */
    public KeyId id(Vault vault, KeyVersion version) {
        return rows.id(vault, version);
    }

    /** Where the key's numbers come from. */
    private interface Source {
        Made make(KeyBackend backend, KeySpec spec, String version);
    }

    /**
     * Looks first whether the name is free, since making a key takes long; the transaction at the end decides. A key
     * that could not be stored is destroyed again.
     */
    private KeyVersion make(Permit permit, Vault vault, String name, NewKey wanted, boolean onlyFirst, Source source) {
        KeyRules.name(name);
        KeySpec spec = KeyRules.spec(vault, wanted.spec());
        Map<String, String> tags = KeyRules.tags(wanted.tags());
        Optional<KeyVersion> latest = rows.transactions.read(tx -> latest(tx, vault, name));
        if (onlyFirst && latest.isPresent()) {
            permit.nothing();
            return latest.get();
        }
        KeyAttributes attributes = wanted.attributes().create(rows.now(), latest.map(KeyVersion::attributes));
        Optional<ReleasePolicy> policy =
                latest.map(l -> policy(l, wanted.releasePolicy())).orElse(wanted.releasePolicy());
        KeyRules.exportable(vault, spec, attributes.exportable(), policy);
        Set<KeyOperation> operations = KeyRules.operations(spec, wanted.operations(), attributes.exportable());
        KeyBackend backend = rows.backends.forNewKeys(vault.kind(), spec);
        String version = rows.newVersion();
        Made made = source.make(backend, spec, version);
        KeyVersion draft = new KeyVersion(
                vault.id(),
                name,
                version,
                1,
                spec,
                made.publicPart(),
                backend.name(),
                made.handle(),
                operations,
                attributes,
                tags,
                policy);
        try {
            permit.on(rows.id(vault, draft));
            KeyVersion stored = permit.write(tx -> {
                // Another version may have come meanwhile: what it settled holds for this one too.
                Optional<KeyVersion> before = latest(tx, vault, name);
                if (onlyFirst && before.isPresent()) {
                    permit.nothing();
                    return before.get();
                }
                before.ifPresent(l -> {
                    AttributeChanges.requireSame(attributes.exportable(), l.attributes());
                    policy(l, policy);
                });
                return rows.add(tx, vault, draft);
            });
            if (!stored.version().equals(version)) {
                rows.destroy(List.of(draft));
            }
            return stored;
        } catch (RuntimeException e) {
            rows.destroyUnlessStored(e, List.of(draft));
            throw e;
        }
    }

    /** The latest version of a live key; refuses a name that a deleted key holds. */
    private Optional<KeyVersion> latest(Tx tx, Vault vault, String name) {
        Optional<Key> namesake = rows.keys.find(tx, rows.live(tx, vault).id(), name);
        if (namesake.filter(k -> k.deleted().isPresent()).isPresent()) {
            throw KeyRefusals.nameDeleted(name);
        }
        return namesake.map(k -> rows.latest(tx, k));
    }

    /** The release policy of a version that had or follows {@code old}. */
    private static Optional<ReleasePolicy> policy(KeyVersion old, Optional<ReleasePolicy> wanted) {
        return old.releasePolicy().map(p -> wanted.map(p::replacedBy).orElse(p)).or(() -> wanted);
    }
}

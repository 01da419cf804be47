package dev.keyturn.core.diskset;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether keys may be used now, asked before a request is accepted so that it is refused whole, naming the key. Reads
 * facts, uses no key; the operation behind the request finds out for itself once more. Never inside a transaction.
 */
public final class KeyGate {
    private final Transactions transactions;
    private final ArtifactStore store;
    private final SetKeyStore setKeys;
    private final CustomerKeys vault;
    private final Clock clock;

    public KeyGate(
            Transactions transactions, ArtifactStore store, SetKeyStore setKeys, CustomerKeys vault, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.setKeys = setKeys;
        this.vault = vault;
        this.clock = clock;
    }

    /** For new artifacts of the set: every rule of a confidential set's key. */
    public void requireUsable(DiskEncryptionSet set, String what) {
        KeyId key = set.activeKey();
        Optional<KeyFacts> facts = vault.facts(set.principal(), key);
        refuse(set, what, ConfidentialKeyRules.problems(key, facts, set.head().location(), clock.instant()));
    }

    /** For the start of a VM: each key version that its artifacts are under can be unwrapped with (kill switch). */
    public void requireStartable(DiskEncryptionSet set, ArmId vm) {
        List<ErrorInfo> problems = new ArrayList<>();
        for (KeyId key : transactions.read(tx -> keysOf(tx, vm))) {
            lost(set, key).ifPresent(problems::add);
        }
        refuse(set, "VM '" + vm.name() + "' cannot be started", problems);
    }

    /** For disks that a machine that runs is to get: what a start would ask of their keys. */
    public void requirePluggable(DiskEncryptionSet set, ArmId vm, List<ArmId> disks) {
        List<ErrorInfo> problems = new ArrayList<>();
        List<Artifact> artifacts = transactions.read(
                tx -> disks.stream().flatMap(d -> store.ownedBy(tx, d).stream()).toList());
        for (KeyId key : transactions.read(tx -> keysOf(tx, artifacts))) {
            lost(set, key).ifPresent(problems::add);
        }
        refuse(
                set,
                "Disk '" + String.join("', '", disks.stream().map(ArmId::name).toList())
                        + "' cannot be attached to VM '" + vm.name() + "' while it runs",
                problems);
    }

    /** The key versions that artifacts of the VM are under. */
    public Set<KeyId> keysOf(Tx tx, ArmId vm) {
        return keysOf(tx, store.ofVm(tx, vm));
    }

    private Set<KeyId> keysOf(Tx tx, List<Artifact> artifacts) {
        Set<KeyId> keys = new LinkedHashSet<>();
        artifacts.stream()
                .map(a -> a.envelope().setKey())
                .distinct()
                .forEach(k -> setKeys.find(tx, k).orElseThrow().customerKey().ifPresent(keys::add));
        return keys;
    }

    /**
     * Why the set cannot unwrap with this key version any more; empty where it can. A key outside nbf/exp still unwraps.
     */
    public Optional<ErrorInfo> lost(DiskEncryptionSet set, KeyId key) {
        return lost(set, key, vault.facts(set.principal(), key));
    }

    /** As {@link #lost}, and when the key version expires, both as one moment has them. */
    public KeyState state(DiskEncryptionSet set, KeyId key) {
        Optional<KeyFacts> facts = vault.facts(set.principal(), key);
        return new KeyState(lost(set, key, facts), facts.flatMap(KeyFacts::expires));
    }

    /** Why a set cannot unwrap with a key version, where it cannot, and when that expires, where it does. */
    public record KeyState(Optional<ErrorInfo> lost, Optional<Instant> expires) {}

    private static Optional<ErrorInfo> lost(DiskEncryptionSet set, KeyId key, Optional<KeyFacts> facts) {
        if (facts.isEmpty()) {
            return Optional.of(problem(key, "KeyVaultKeyNotFound", "does not exist on this server, or is deleted"));
        }
        if (!facts.get().enabled()) {
            return Optional.of(problem(key, "KeyVaultKeyNotEnabled", "is disabled"));
        }
        if (!facts.get().operations().contains("unwrapKey")) {
            return Optional.of(
                    problem(key, "KeyOperationNotAllowed", "does not have the key operation unwrapKey any more"));
        }
        if (!facts.get().permitted().contains("unwrapKey")) {
            return Optional.of(problem(
                    key,
                    "KeyVaultAccessForbidden",
                    "is not open to the identity of disk encryption set '"
                            + set.id().name() + "', which lacks unwrapKey; "
                            + facts.get().guard().remedyForSet()));
        }
        return Optional.empty();
    }

    private static ErrorInfo problem(KeyId key, String code, String what) {
        return ErrorInfo.at(key.url(), code, "Key '" + key.url() + "' " + what + ".");
    }

    private static void refuse(DiskEncryptionSet set, String what, List<ErrorInfo> problems) {
        if (problems.isEmpty()) {
            return;
        }
        String because =
                String.join(" ", problems.stream().map(ErrorInfo::message).toList());
        throw new DomainError.Conflict(ErrorInfo.at(
                                set.id().toString(),
                                problems.getFirst().code(),
                                what + ", because its disk encryption set '"
                                        + set.id().name() + "' cannot use its key. " + because)
                        .with(problems))
                .asException();
    }
}

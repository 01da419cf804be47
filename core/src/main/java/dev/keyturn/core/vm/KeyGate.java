package dev.keyturn.core.vm;

import dev.keyturn.core.diskset.ConfidentialKeyRules;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether keys may be used now, asked before a request is accepted so that it is refused whole, naming the key. Reads
 * facts, uses no key; the operation behind the request finds out for itself once more. Never inside a transaction.
 */
final class KeyGate {
    private final VmParts parts;

    KeyGate(VmParts parts) {
        this.parts = parts;
    }

    /** For new artifacts of the set: every rule of a confidential set's key. */
    void requireUsable(DiskEncryptionSet set, String what) {
        KeyId key = set.activeKey();
        Optional<KeyFacts> facts = parts.vault().facts(set.principal(), key);
        refuse(
                set,
                what,
                ConfidentialKeyRules.problems(
                        key, facts, set.head().location(), parts.clock().instant()));
    }

    /** For the start of a VM: each key version that its artifacts are under can be unwrapped with (kill switch). */
    void requireStartable(DiskEncryptionSet set, ConfidentialVm vm) {
        List<ErrorInfo> problems = new ArrayList<>();
        for (KeyId key : parts.transactions().read(tx -> keysOf(tx, vm.id()))) {
            lost(set, key).ifPresent(problems::add);
        }
        refuse(set, "VM '" + vm.id().name() + "' cannot be started", problems);
    }

    /** For disks that a machine that runs is to get: what a start would ask of their keys. */
    void requirePluggable(DiskEncryptionSet set, ConfidentialVm vm, List<ArmId> disks) {
        List<ErrorInfo> problems = new ArrayList<>();
        List<Artifact> artifacts = parts.transactions()
                .read(tx -> disks.stream()
                        .flatMap(d -> parts.artifacts().ofDisk(tx, d).stream())
                        .toList());
        for (KeyId key : parts.transactions().read(tx -> keysOf(tx, artifacts))) {
            lost(set, key).ifPresent(problems::add);
        }
        refuse(
                set,
                "Disk '" + String.join("', '", disks.stream().map(ArmId::name).toList())
                        + "' cannot be attached to VM '" + vm.id().name() + "' while it runs",
                problems);
    }

    /** The key versions that artifacts of the VM are under. */
    Set<KeyId> keysOf(Tx tx, ArmId vm) {
        return keysOf(tx, parts.artifacts().ofVm(tx, vm));
    }

    private Set<KeyId> keysOf(Tx tx, List<Artifact> artifacts) {
        Set<KeyId> keys = new LinkedHashSet<>();
        for (Artifact artifact : artifacts) {
            if (parts.setKeyStore().find(tx, artifact.envelope().setKey()).orElseThrow()
                    instanceof SetKey.Customer customer) {
                keys.add(customer.key());
            }
        }
        return keys;
    }

    /**
     * Why the set cannot unwrap with this key version any more; empty where it can. A key outside nbf/exp still unwraps.
     */
    Optional<ErrorInfo> lost(DiskEncryptionSet set, KeyId key) {
        Optional<KeyFacts> facts = parts.vault().facts(set.principal(), key);
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

package dev.keyturn.core.diskset;

import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a set's identity can use its keys, asked of the vaults before a request's transaction begins. What was asked
 * comes back as {@link Cleared}, so that the transaction can tell that nothing moved since. Never inside a transaction.
 */
final class SetAccess {
    private final DiskSetParts parts;

    SetAccess(DiskSetParts parts) {
        this.parts = parts;
    }

    /** What is under a set: its set keys with artifacts, and whether a VM or a disk is (perhaps still in the making). */
    record Under(List<SetKey.Customer> keys, boolean used) {
        Set<SetKeyId> ids() {
            return keys.stream().map(SetKey.Customer::id).collect(Collectors.toSet());
        }
    }

    /** An identity of which was found that it opens everything under a set whose identity was {@code from}. */
    record Cleared(PrincipalId from, Optional<PrincipalId> to, Set<SetKeyId> keys, boolean used) {}

    Under under(Tx tx, DiskEncryptionSet set) {
        return new Under(
                parts.setKeys().inUse(tx, set.id()),
                parts.vms().count(tx, set.id()) > 0 || parts.disks().count(tx, set.id()) > 0);
    }

    /**
     * What there is to say of a key for a set: {@code refusals} are why it can never work, whoever asks (of a wrong kind,
     * missing, disabled); {@code warnings} are that the identity has no access yet, because it may not exist earlier
     * (docs/rules.md), and who else can reach the key.
     */
    record Findings(List<ErrorInfo> refusals, List<ErrorInfo> warnings) {
        Findings {
            refusals = List.copyOf(refusals);
            warnings = List.copyOf(warnings);
        }

        /** Where nothing is refused for it. */
        List<ErrorInfo> all() {
            return Stream.concat(refusals.stream(), warnings.stream()).toList();
        }
    }

    /**
     * Everything that keeps the identity from using the key for new artifacts, and who else can reach the key.
     *
     * @param as empty for an identity that is yet to be made
     */
    Findings findings(Optional<PrincipalId> as, KeyId key, String location) {
        Optional<KeyFacts> facts = facts(as, key);
        return new Findings(
                ConfidentialKeyRules.ofKey(key, facts, location, parts.clock().instant()),
                Stream.concat(ConfidentialKeyRules.access(key, facts).stream(), KeyWarnings.of(key, facts).stream())
                        .toList());
    }

    private Optional<KeyFacts> facts(Optional<PrincipalId> as, KeyId key) {
        PrincipalId nobodyYet = new PrincipalId(UUID.randomUUID());
        return parts.vault().facts(as.orElse(nobodyYet), key);
    }

    /** The warnings about a key, which is refused where it can never work. {@code as} as in {@link #findings}. */
    List<ErrorInfo> requireUsable(Optional<PrincipalId> as, KeyId key, String location) {
        Findings found = findings(as, key, location);
        if (!found.refusals().isEmpty()) {
            throw DomainError.invalid(found.refusals()).asException();
        }
        return found.warnings();
    }

    /**
     * Refuses an identity that cannot unwrap with every key version that something of the set is under, naming each.
     * Nothing is changed.
     */
    Cleared requireOpens(DiskEncryptionSet set, Optional<PrincipalId> to) {
        Under under = parts.transactions().read(tx -> under(tx, set));
        List<ErrorInfo> problems = new ArrayList<>();
        for (SetKey.Customer key : under.keys()) {
            problem(key, to).ifPresent(problems::add);
        }
        boolean covered = under.keys().stream().anyMatch(k -> k.key().equals(set.activeKey()));
        if (under.used() && !covered) {
            ConfidentialKeyRules.access(set.activeKey(), facts(to, set.activeKey()))
                    .ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw DomainError.notAllowed(
                            "The identity of disk encryption set '" + set.id().name()
                                    + "' cannot be changed so; nothing was changed. The identity that it would use its"
                                    + " key as cannot open what is under the set: "
                                    + String.join(
                                            " ",
                                            problems.stream()
                                                    .map(ErrorInfo::message)
                                                    .toList())
                                    + " Add the identity beside the present one ('SystemAssigned, UserAssigned'), give"
                                    + " it access, then take the present one away.",
                            problems)
                    .asException();
        }
        return new Cleared(set.principal(), to, under.ids(), under.used());
    }

    private Optional<ErrorInfo> problem(SetKey.Customer key, Optional<PrincipalId> to) {
        if (to.isEmpty()) {
            String url = key.key().url();
            return Optional.of(ErrorInfo.at(
                    url,
                    ConfidentialKeyRules.NO_ACCESS,
                    "Artifacts of the set are under key '" + url
                            + "', to which a system-assigned identity that is yet to be made can have no access."));
        }
        return parts.keyChange().unopenable(key, to.get());
    }

    /** Refuses, in the transaction of the change, where what was cleared is not what is there any more. */
    void requireStill(Tx tx, DiskEncryptionSet set, PrincipalId to, Optional<Cleared> cleared) {
        Under now = under(tx, set);
        boolean still = cleared.filter(c -> c.from().equals(set.principal()))
                .filter(c -> c.to().isEmpty() || c.to().get().equals(to))
                .filter(c -> c.keys().containsAll(now.ids()) && (c.used() || !now.used()))
                .isPresent();
        if (!still) {
            throw DomainError.changedMeanwhile(set.id()).asException();
        }
    }
}

package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.KeyedArtifact;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.operation.OperationStore;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.resource.ResourceStore;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.verification.Verification;
import dev.keyturn.core.verification.VerificationStore;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What happened to a VM, and when each of its artifacts was known to open last. Nothing is written for it: it follows from
 * operations that have ended (known for 30 days), rotations and the last verification of the set. What does not follow is
 * not said. It only reads. Thread-safe.
 */
public final class ArtifactPast {
    private static final int OPERATIONS = 50;
    private static final int ROTATIONS = 50;
    /** Longer than anything is in the making. */
    private static final Duration MAKING = Duration.ofDays(1);

    private static final Set<OperationKind> STARTS =
            Set.of(OperationKind.CREATE_VM, OperationKind.START_VM, OperationKind.RESTART_VM);

    private final Parts parts;

    /** What it reads. */
    public record Parts(
            ArtifactKeys keys,
            VmStore vms,
            ResourceStore resources,
            OperationStore operations,
            RotationStore rotations,
            VerificationStore verifications,
            ResourceGroupService groups,
            Doors doors) {}

    public ArtifactPast(Parts parts) {
        this.parts = parts;
    }

    /** What is a proof that an artifact opened. */
    public enum Proof {
        /** Its VM was started with its key. */
        START,
        /** A rotation opened its new envelope before it counted, and its image. */
        ROTATION_AND_IMAGE,
        /** A rotation opened its new envelope before it counted. */
        ROTATION,
        VERIFICATION
    }

    /**
     * That an artifact opened.
     *
     * @param at when what proves it ended; where {@code exact} is false, when the first that it can have been began
     * @param by who asked for what proves it; empty where it is not known
     */
    public record Opened(Instant at, boolean exact, Proof proof, Optional<String> by) {}

    /**
     * A VM's past.
     *
     * @param operations those on it that have ended, the last one first, as far as they are known
     * @param opened of each artifact of which it is known, when it opened last
     * @param byItself whether it is known that no operation led to the VM's fault: it stopped by itself
     * @param crashes the last few times that it stopped by itself and its host said why, the last one first
     */
    public record Past(
            List<Operation> operations, Map<ArtifactId, Opened> opened, boolean byItself, List<VmStore.Crash> crashes) {
        public Past {
            crashes = List.copyOf(crashes);
            operations = List.copyOf(operations);
            opened = Map.copyOf(opened);
        }
    }

    public Past of(Call call, ArmId id) {
        parts.doors().require(call, Action.VM_READ, Scope.of(id));
        return parts.keys().transactions().read(tx -> past(tx, id));
    }

    private Past past(Tx tx, ArmId id) {
        ConfidentialVm vm =
                parts.vms().find(tx, id).orElseThrow(() -> parts.groups().missing(tx, id));
        List<Operation> operations = ended(tx, vm.id(), vm.head());
        Optional<Verification.Proof> verified =
                vm.set().flatMap(set -> parts.verifications().of(tx, set).proof());
        List<Rotation> rotations = vm.set().map(set -> rotations(tx, set)).orElse(List.of());
        Map<ArtifactId, Opened> opened = new HashMap<>();
        for (KeyedArtifact keyed :
                parts.keys().keyed(tx, parts.keys().artifacts().ofVm(tx, vm.id()))) {
            Artifact artifact = keyed.artifact();
            Stream.of(
                            started(vm, artifact, operations),
                            keyed.key().flatMap(key -> rewrapped(artifact, key, rotations)),
                            verified.flatMap(proof -> verified(tx, artifact, proof)))
                    .flatMap(Optional::stream)
                    .max(Comparator.comparing(Opened::at))
                    .ifPresent(last -> opened.put(artifact.id(), last));
        }
        return new Past(
                operations, opened, byItself(vm, operations), parts.vms().crashes(tx, vm.id()));
    }

    /** Those of the set as it is: another one of its name may have been there before it. */
    private List<Rotation> rotations(Tx tx, ArmId set) {
        Optional<Instant> made = parts.resources().find(tx, set).map(Resource::createdAt);
        return parts.rotations().ofSet(tx, set, ROTATIONS).stream()
                .filter(r -> made.filter(m -> !r.startedAt().isBefore(m)).isPresent())
                .toList();
    }

    /** Those of the resource as it is: another one of its name may have been there before it. */
    private List<Operation> ended(Tx tx, ArmId id, Resource head) {
        return parts.operations().ended(tx, id, OPERATIONS).stream()
                .filter(o ->
                        o.endedAt().filter(e -> !e.isBefore(head.createdAt())).isPresent())
                .filter(o -> o.kind() != OperationKind.DELETE_VM || o.status() != OperationStatus.SUCCEEDED)
                .toList();
    }

    /**
     * The last start that succeeded and asked the host, which one of a VM that runs does not; of a data disk only where the
     * VM has not been changed since that began.
     */
    private static Optional<Opened> started(ConfidentialVm vm, Artifact artifact, List<Operation> operations) {
        Optional<Operation> start = operations.stream()
                .filter(o -> STARTS.contains(o.kind()) && o.status() == OperationStatus.SUCCEEDED && o.worked())
                .findFirst();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        Instant begun = start.get().startedAt();
        boolean changed = artifact.kind() == ArtifactKind.DATA_DISK
                && (vm.head().state().busy()
                        || operations.stream()
                                .filter(o -> o.kind() == OperationKind.UPDATE_VM)
                                .flatMap(o -> o.endedAt().stream())
                                .anyMatch(end -> !end.isBefore(begun)));
        return changed
                ? Optional.empty()
                : Optional.of(new Opened(
                        start.get().endedAt().orElse(begun),
                        true,
                        Proof.START,
                        Optional.of(start.get().requestedBy())));
    }

    /**
     * Only rotations put an artifact into another envelope, and this one is under the key of those. Where several led to
     * that key it is not known which did it; it was not before the first of them.
     */
    private static Optional<Opened> rewrapped(Artifact artifact, KeyId key, List<Rotation> rotations) {
        List<Rotation> to = rotations.stream().filter(r -> r.to().equals(key)).toList();
        if (artifact.revision() == 1 || to.isEmpty() || rotations.size() == ROTATIONS) {
            return Optional.empty();
        }
        Rotation first = to.getLast();
        boolean exact = to.size() == 1 && first.endedAt().isPresent();
        boolean images = to.stream().allMatch(Rotation::deep);
        return Optional.of(new Opened(
                exact ? first.endedAt().orElseThrow() : first.startedAt(),
                exact,
                images ? Proof.ROTATION_AND_IMAGE : Proof.ROTATION,
                to.size() == 1 ? Optional.of(first.requestedBy()) : Optional.empty()));
    }

    /** Of what was in the making when it began, nothing is said. */
    private Optional<Opened> verified(Tx tx, Artifact artifact, Verification.Proof proof) {
        Verification verification = proof.verification();
        boolean there = parts.resources()
                .find(tx, artifact.owner())
                .filter(head -> head.createdAt().plus(MAKING).isBefore(verification.startedAt())
                        || ended(tx, artifact.owner(), head).stream()
                                .filter(o ->
                                        o.kind() == OperationKind.CREATE_VM || o.kind() == OperationKind.CREATE_DISK)
                                .flatMap(o -> o.endedAt().stream())
                                .anyMatch(end -> end.isBefore(verification.startedAt())))
                .isPresent();
        return there && proof.answer().opened(artifact.id())
                ? Optional.of(new Opened(
                        verification.endedAt(), true, Proof.VERIFICATION, Optional.of(verification.requestedBy())))
                : Optional.empty();
    }

    /**
     * An operation moves the power a moment before it ends. Where none is known from before, the one that did it may be
     * forgotten.
     */
    private static boolean byItself(ConfidentialVm vm, List<Operation> operations) {
        Instant since = vm.powerSince();
        return !vm.head().state().busy()
                && vm.power().stopped()
                && vm.fault().isPresent()
                && operations.stream().flatMap(o -> o.endedAt().stream()).anyMatch(end -> !end.isAfter(since))
                && operations.stream()
                        .noneMatch(o -> !since.isBefore(o.startedAt())
                                && o.endedAt().filter(e -> !since.isAfter(e)).isPresent());
    }
}

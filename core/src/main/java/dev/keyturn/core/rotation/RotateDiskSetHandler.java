package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.SealedKey;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationStore;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does a rotation that was begun (docs/architecture.md, "The rotation", steps 3 to 5). Can be run again from its start
 * after a kill anywhere: the set key is found, the cursor is behind the last stored batch, and what is under the target
 * already is not looked at.
 */
public final class RotateDiskSetHandler implements OperationHandler {
    /** How many artifacts are re-wrapped in one transaction, unless told otherwise. */
    public static final int BATCH = 4_000;
    /** Smaller where each artifact is opened on its host. */
    private static final int DEEP_BATCH = 100;
    /** The error of an operation names this many artifacts; the rotation's own view has all. */
    private static final int NAMED = 1_000;

    private final RotationParts parts;
    private final OperationStore operations;
    private final int batch;

    public RotateDiskSetHandler(RotationParts parts, OperationStore operations) {
        this(parts, operations, BATCH);
    }

    /** With another number of artifacts in each transaction than the usual one, which tests want small. */
    public RotateDiskSetHandler(RotationParts parts, OperationStore operations, int batch) {
        this.parts = parts;
        this.operations = operations;
        this.batch = batch;
    }

    @Override
    public OperationKind kind() {
        return OperationKind.ROTATE_DISK_SET;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        Rotation rotation = lease.read(tx -> rotation(tx, operation.id()));
        DiskEncryptionSet set = lease.read(tx -> set(tx, rotation));
        SetKey.Customer target = targetKey(rotation, set, lease);
        List<SetKey.Customer> sources = lease.read(tx -> parts.setKeyStore().inUse(tx, set.id())).stream()
                .filter(k -> !k.id().equals(target.id()))
                .toList();
        try (SetKeyCipher to = parts.setKeys().open(target, set.principal());
                SourceKeys from = new SourceKeys(parts.setKeys(), sources, set.principal())) {
            var rewrapping = new Rewrapping(parts.artifacts(), parts.hosts(), from, to, rotation.deep());
            boolean more = true;
            while (more) {
                more = batch(operation.id(), target, rewrapping, lease);
            }
        }
        return tx -> finish(tx, operation.id(), target);
    }

    /** The set key of the target version: stored by an earlier run, still there from an earlier rotation, or new. */
    private SetKey.Customer targetKey(Rotation rotation, DiskEncryptionSet set, Lease lease) {
        Optional<SetKey.Customer> stored = lease.read(tx -> parts.setKeyStore().find(tx, set.id(), rotation.to()));
        if (stored.isPresent() && rotation.targetKey().equals(stored.map(SetKey::id))) {
            return stored.get();
        }
        SetKey.Customer usable = stored.orElseGet(() -> parts.setKeys().mint(set.id(), rotation.to(), set.principal()));
        return lease.write(tx -> {
            SetKey.Customer kept = parts.setKeys().keep(tx, usable);
            long toDo = parts.artifacts().countNotUnder(tx, set.id(), kept.id());
            parts.rotations().update(tx, rotation.under(kept.id(), toDo));
            return kept;
        });
    }

    private boolean batch(OperationId id, SetKey.Customer target, Rewrapping rewrapping, Lease lease) {
        Rotation rotation = lease.read(tx -> rotation(tx, id));
        int size = rotation.deep() ? Math.min(DEEP_BATCH, batch) : batch;
        List<SealedKey> page =
                lease.read(tx -> parts.artifacts().notUnder(tx, rotation.set(), target.id(), rotation.cursor(), size));
        if (page.isEmpty()) {
            return false;
        }
        Map<ArtifactId, ArtifactImage> images = lease.read(tx -> parts.artifacts()
                .images(tx, page.stream().map(SealedKey::artifact).toList()));
        Rewrapping.Batch prepared = rewrapping.prepare(page, images);
        ArtifactId last = page.getLast().artifact();
        boolean stored = false;
        while (!stored) {
            Rewrapping.Batch batch = prepared;
            try {
                lease.run(tx -> store(tx, rotation, rewrapping, batch, last));
                stored = true;
            } catch (Rewrapping.StoredEnvelopesWrong e) {
                prepared = Rewrapping.without(batch, e.wrong());
            }
        }
        return true;
    }

    private void store(Tx tx, Rotation rotation, Rewrapping rewrapping, Rewrapping.Batch batch, ArtifactId last) {
        List<ImageProblem> problems = new ArrayList<>(batch.problems());
        List<ImageProblem> lost = rewrapping.store(tx, batch);
        problems.addAll(lost);
        parts.rotations().addFailures(tx, rotation.id(), rewrapping.named(tx, problems));
        Rotation past = rotation.past(last, batch.rewraps().size() - lost.size(), problems.size());
        parts.rotations().update(tx, past);
        long looked = past.rewrapped() + past.failed();
        operations.progress(tx, rotation.id(), (int) Math.min(99, 100 * looked / Math.max(1, past.total())));
    }

    private Optional<ErrorInfo> finish(Tx tx, OperationId id, SetKey.Customer target) {
        Rotation rotation = rotation(tx, id);
        DiskEncryptionSet set = set(tx, rotation);
        long left = parts.artifacts().countNotUnder(tx, set.id(), target.id());
        Instant now = parts.clock().instant();
        if (left > 0) {
            ErrorInfo error = incomplete(tx, rotation, left);
            end(tx, rotation, set, error, now);
            return Optional.of(error);
        }
        parts.setKeyStore().deleteUnused(tx, set.id(), Optional.of(target.id()));
        parts.rotations().update(tx, rotation.reached(now));
        update(
                tx,
                set.rotated(
                        rotation.to(),
                        // another key may be in another vault, so the old source vault never outlives its key
                        rotation.toVault()
                                .or(() -> rotation.to()
                                                .authority()
                                                .equals(rotation.from().authority())
                                        ? set.sourceVault()
                                        : Optional.empty()),
                        now));
        return Optional.empty();
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        Rotation rotation = rotation(tx, operation.id());
        end(tx, rotation, set(tx, rotation), error, parts.clock().instant());
    }

    /** R5: the set keeps its old key; each artifact says what it is under. */
    private void end(Tx tx, Rotation rotation, DiskEncryptionSet set, ErrorInfo error, Instant now) {
        parts.setKeyStore().deleteUnused(tx, set.id(), Optional.empty());
        parts.rotations().update(tx, rotation.failed(now));
        update(tx, set.rotationFailed(ErrorInfo.of(error.code(), error.message()), now));
    }

    private ErrorInfo incomplete(Tx tx, Rotation rotation, long left) {
        List<ErrorInfo> details = parts.rotations().failures(tx, rotation.id(), NAMED).stream()
                .map(ImageProblem::reason)
                .toList();
        String more = left > details.size() ? " The first " + details.size() + " are in details." : "";
        return ErrorInfo.of(
                        "KeyRotationIncomplete",
                        left + (left == 1 ? " artifact" : " artifacts") + " of disk encryption set '"
                                + rotation.set().name() + "' could not be updated. The set still references key '"
                                + rotation.from().url() + "'; " + rotation.rewrapped()
                                + " artifacts are under the new key. Save the same new key again to finish." + more)
                .with(details);
    }

    private void update(Tx tx, DiskEncryptionSet set) {
        if (parts.sets().update(tx, set).missed()) {
            throw new IllegalStateException("a set changed inside a write transaction: " + set.id());
        }
    }

    private Rotation rotation(Tx tx, OperationId id) {
        return parts.rotations()
                .find(tx, id)
                .orElseThrow(() -> new IllegalStateException("operation " + id + " has no rotation"));
    }

    private DiskEncryptionSet set(Tx tx, Rotation rotation) {
        return parts.sets()
                .find(tx, rotation.set())
                .orElseThrow(() -> new IllegalStateException("the set of rotation " + rotation.id() + " is gone"));
    }
}

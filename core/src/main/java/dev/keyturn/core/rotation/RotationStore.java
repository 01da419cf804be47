package dev.keyturn.core.rotation;

import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** The rows of rotations, kept as history, and of the artifacts that could not be updated. */
@CheckReturnValue
public interface RotationStore {
    void insert(Tx tx, Rotation rotation);

    Optional<Rotation> find(Tx tx, OperationId id);

    /** The one that was inserted last comes first, whatever the clock said. */
    List<Rotation> ofSet(Tx tx, ArmId set, int limit);

    void update(Tx tx, Rotation rotation);

    void addFailures(Tx tx, OperationId id, List<ImageProblem> failures);

    List<ImageProblem> failures(Tx tx, OperationId id, int limit);
}

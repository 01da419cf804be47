package dev.keyturn.core.verification;

import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Proves every artifact of a set. Changes nothing, so a kill costs only the time, and being cancelled nothing at all. */
final class VerifyDiskSetHandler implements OperationHandler {
    private final OperationService operations;
    private final DeepVerification verification;

    VerifyDiskSetHandler(OperationService operations, DeepVerification verification) {
        this.operations = operations;
        this.verification = verification;
    }

    @Override
    public OperationKind kind() {
        return OperationKind.VERIFY_DISK_SET;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        Findings found = verification
                .look(
                        operation.target(),
                        () -> lease.read(tx -> operations
                                .running(tx, operation.target(), kind())
                                .filter(o -> o.id().equals(operation.id()))
                                .isPresent()))
                .orElseThrow(() -> new LeaseLostException(operation.id())); // cancelled: whoever did that has ended it
        return tx -> {
            DeepVerification.Report report = found.report(tx);
            Optional<ErrorInfo> error = error(operation, report);
            verification.answered(tx, operation, report, error);
            return error;
        };
    }

    private static Optional<ErrorInfo> error(Operation operation, DeepVerification.Report report) {
        if (report.allOpen()) {
            return Optional.empty();
        }
        String set = "disk encryption set '" + operation.target().name() + "'";
        long unseen = report.unseen().count();
        List<ErrorInfo> details = new ArrayList<>(
                report.problems().stream().map(ImageProblem::reason).toList());
        details.addAll(report.unseen().reasons());
        if (report.failed() == 0) {
            String message = unseen + " of " + (report.verified() + unseen) + " artifacts of " + set
                    + " were not looked at, because a host did not answer. The others open.";
            return Optional.of(ErrorInfo.of("ArtifactsNotLookedAt", message).with(details));
        }
        String message = report.failed() + " of " + (report.verified() + report.failed()) + " artifacts of " + set
                + " do not open."
                + (unseen == 0 ? "" : " " + unseen + " more were not looked at, because a host did not answer.");
        return Optional.of(ErrorInfo.of("ArtifactsDoNotOpen", message).with(details));
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        verification.unanswered(tx, operation, error); // the set is as it was
    }
}

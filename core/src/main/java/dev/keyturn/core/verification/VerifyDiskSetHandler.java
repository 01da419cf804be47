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
        String counted = report.failed() + " of " + (report.verified() + report.failed());
        String message = counted + " artifacts of disk encryption set '"
                + operation.target().name() + "' do not open.";
        return Optional.of(ErrorInfo.of("ArtifactsDoNotOpen", message)
                .with(report.problems().stream().map(ImageProblem::reason).toList()));
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        verification.unanswered(tx, operation, error); // the set is as it was
    }
}

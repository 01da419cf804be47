package dev.keyturn.core.vm;

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

    VerifyDiskSetHandler(VmParts parts) {
        this.operations = parts.operations();
        this.verification = new DeepVerification(parts);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.VERIFY_DISK_SET;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        Optional<DeepVerification.Report> made = verification.verify(
                operation.target(),
                () -> lease.read(tx -> operations
                        .running(tx, operation.target(), kind())
                        .filter(o -> o.id().equals(operation.id()))
                        .isPresent()));
        if (made.isEmpty()) {
            throw new LeaseLostException(operation.id()); // cancelled: whoever did that has ended it
        }
        DeepVerification.Report report = made.get();
        Optional<ErrorInfo> error = report.allOpen()
                ? Optional.empty()
                : Optional.of(ErrorInfo.of(
                                "ArtifactsDoNotOpen",
                                report.failed() + " of " + (report.verified() + report.failed())
                                        + " artifacts of disk encryption set '"
                                        + operation.target().name() + "' do not open.")
                        .with(report.problems().stream()
                                .map(ImageProblem::reason)
                                .toList()));
        return tx -> error;
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        // The set is as it was.
    }
}

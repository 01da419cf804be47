package dev.keyturn.bench;

import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import java.util.List;

/** Counts what a rotation asks of the vault, for fleets of several sizes: it is the same number. */
public final class VaultCallsBench {
    private VaultCallsBench() {}

    public static void main(String[] arguments) throws Exception {
        Report report = new Report(System.out);
        report.title("Vault operations per rotation");
        for (int vms : List.of(1, 100, 1_000)) {
            CountingVault.Calls calls = of(vms);
            report.line(vms + (vms == 1 ? " CVM" : " CVMs") + ": reads of a key / wraps / unwraps", calls.text(), "");
        }
    }

    /** The calls of one rotation of a fleet of that size. */
    static CountingVault.Calls of(int vms) throws Exception {
        try (Scratch scratch = Scratch.create();
                Engine engine = new Engine(scratch.directory())) {
            Fleet fleet = Fleet.create(engine, "fleet", vms);
            var target = engine.vault.create();
            CountingVault.Calls before = engine.vault.calls();
            Operation ended = engine.rotate(fleet.set(), target);
            if (ended.status() != OperationStatus.SUCCEEDED) {
                throw new IllegalStateException("the rotation failed: " + ended.error());
            }
            return engine.vault.calls().since(before);
        }
    }
}

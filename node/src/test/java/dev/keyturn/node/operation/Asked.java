package dev.keyturn.node.operation;

import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.node.Calls;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.time.Clock;
import java.util.Map;

/** A start of a VM that somebody asked for, as a service begins it. */
final class Asked {
    static final ArmId TARGET = new ArmId("s", "g", "Microsoft.Compute/virtualMachines", "vm");

    private Asked() {}

    static Operation begin(TestDatabase database, OperationService operations, Clock clock) {
        SqlStores stores = database.stores();
        Doors doors = new Doors(
                database.transactions(),
                new RoleAccess(stores.roleAssignments()),
                new AuditLog(stores.audit(), clock, "n"));
        return doors.act(
                Calls.by("me"),
                Action.VM_START,
                Scope.of(TARGET),
                permit -> operations.submit(
                        permit, tx -> operations.begin(permit, tx, OperationKind.START_VM, TARGET, Map.of("a", "b"))));
    }
}

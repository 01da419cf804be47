package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An assignment that goes between the question and the deed: the deed is asked for once more, inside. */
class AskedInsideTest {
    private static final Scope SUBSCRIPTION = Scope.subscription(World.SUBSCRIPTION);
    private static final Draft DRAFT = new Draft("westeurope", Map.of(), "{}");
    private static final ArmId NETWORK = World.id("Microsoft.Network/virtualNetworks", "n");
    private static final ArmId GROUP = ArmId.group(World.SUBSCRIPTION, "rg");

    record Write(String name, Deed deed) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Deed {
        void by(World world, Call call);
    }

    static Stream<Write> writes() {
        return Stream.of(
                new Write("group", (w, c) -> w.groups.put(c, GROUP, Precondition.NONE, _ -> DRAFT)),
                new Write("group's change", (w, c) -> w.groups.change(c, GROUP, Precondition.NONE, _ -> DRAFT)),
                new Write("group's deletion", (w, c) -> w.groups.delete(c, GROUP, Precondition.NONE)),
                new Write(
                        "network",
                        (w, c) -> w.node.services().generic().put(c, NETWORK, Precondition.NONE, _ -> DRAFT)),
                new Write(
                        "network's deletion",
                        (w, c) -> w.node.services().generic().delete(c, NETWORK, Precondition.NONE)));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void write_whoseAssignmentGoesJustBefore_isRefusedInside(Write write, @TempDir Path directory) {
        try (TestDatabase database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS)) {
            World world = World.fresh(database);
            Call call = caller(world);
            UUID name =
                    world.grant(SUBSCRIPTION, Roles.CONTRIBUTOR, call.caller().principal());
            world.transactions.before(2, () -> world.revoke(SUBSCRIPTION, name));

            DomainError refused = World.refused(() -> write.deed().by(world, call));

            assertThat(world.transactions.happened()).isTrue();
            assertThat(refused).isInstanceOf(DomainError.Forbidden.class);
            List<AuditRecord> of = world.recordsOf(call);
            assertThat(of).hasSize(1);
            assertThat(of.getFirst().outcome()).isEqualTo(Outcome.REFUSED);
        }
    }

    private static Call caller(World world) {
        Principal made = world.principal("who");
        return new Call(
                new Caller(made.id(), made.appId().toString()), UUID.randomUUID(), Optional.empty(), Call.Door.ARM);
    }
}

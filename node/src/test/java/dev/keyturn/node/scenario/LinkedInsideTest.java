package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.IdentitySpec;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a resource is made of, its maker must be allowed to use: until the write, wherever the permission goes. */
class LinkedInsideTest {
    private static final ArmId SET = World.id(DiskEncryptionSet.TYPE, "des");
    private static final ArmId IDENTITY = World.id("Microsoft.ManagedIdentity/userAssignedIdentities", "who");

    /** @param link what is made use of, which takes {@code action} there */
    record Write(ArmId made, ArmId link, Action action, Role role, Deed deed) {
        @Override
        public String toString() {
            return made.name();
        }
    }

    interface Deed {
        void by(World world, Call call);
    }

    static Stream<Write> writes() {
        ArmId set = World.id(DiskEncryptionSet.TYPE, "made-set");
        return Stream.of(
                new Write(
                        World.id(Disk.TYPE, "made-disk"),
                        SET,
                        Action.DISK_SET_READ,
                        Roles.READER,
                        (w, c) -> w.disks.save(c, Specs.disk("made-disk", Optional.of(SET)), Precondition.NONE)),
                new Write(
                        World.id(ConfidentialVm.TYPE, "made-vm"),
                        SET,
                        Action.DISK_SET_READ,
                        Roles.READER,
                        (w, c) -> w.vms.save(
                                c, Specs.vm("made-vm").under(Optional.of(SET)).build(), Precondition.NONE)),
                new Write(
                        set,
                        IDENTITY,
                        Action.IDENTITY_ASSIGN,
                        Roles.MANAGED_IDENTITY_OPERATOR,
                        (w, c) -> w.sets.save(c, as(set, w.vault.create(1), IDENTITY), Precondition.NONE)));
    }

    private static DiskSetSpec as(ArmId id, KeyId key, ArmId identity) {
        DiskSetSpec plain = Specs.set(id, key);
        return new DiskSetSpec(
                id,
                plain.location(),
                plain.tags(),
                plain.document(),
                Optional.of(IdentitySpec.userAssigned(identity)),
                plain.encryptionType(),
                plain.keyUrl(),
                plain.sourceVault(),
                false,
                false);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void permissionForALink_thatGoesAtAnyTimeBeforeTheWrite_refusesIt_withOneRecord(
            Write write, @TempDir Path directory) {
        try (TestDatabase database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS)) {
            World world = World.fresh(database);
            world.identities.user(IDENTITY);
            world.set("des", world.vault.create(1));
            int refusals = 0;
            boolean happened = true;
            for (int n = 2; happened; n++) {
                Call call = caller(world);
                PrincipalId who = call.caller().principal();
                UUID link = world.grant(Scope.of(write.link()), write.role(), who);
                world.grant(Scope.of(write.made()), Roles.CONTRIBUTOR, who);
                boolean[] written = {false}; // by the time that the permission goes
                world.transactions.before(n, () -> {
                    written[0] = !world.recordsOf(call).isEmpty();
                    world.revoke(Scope.of(write.link()), link);
                });
                boolean refused = write(world, write, call);
                happened = world.transactions.happened();
                assertThat(refused).isEqualTo(happened && !written[0]);
                if (refused) {
                    assertThat(world.recordsOf(call))
                            .extracting(AuditRecord::outcome, AuditRecord::action)
                            .containsExactly(
                                    tuple(Outcome.REFUSED, write.action().azure()));
                    refusals++;
                }
            }
            assertThat(refusals).isGreaterThan(2);
        }
    }

    /** Whether it was refused. */
    private static boolean write(World world, Write write, Call call) {
        try {
            write.deed().by(world, call);
            return false;
        } catch (DomainException e) {
            assertThat(e.error()).isInstanceOf(DomainError.Forbidden.class);
            return true;
        }
    }

    private static Call caller(World world) {
        Principal made = world.principal("who");
        return new Call(
                new Caller(made.id(), made.appId().toString()), UUID.randomUUID(), Optional.empty(), Call.Door.ARM);
    }
}

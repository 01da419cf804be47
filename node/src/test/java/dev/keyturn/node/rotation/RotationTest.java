package dev.keyturn.node.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R2, R3, R4, R5, R7 of the rotation engine, on the real store. */
class RotationTest {
    @TempDir
    Path directory;

    private final FakeVault vault = new FakeVault();
    private final FakeHost host = new FakeHost();
    private TestDatabase database;
    private Engine engine;
    private Fleet fleet;
    private KeyId old;
    private KeyId next;
    private KeyId third;
    private ArmId set;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        engine = new Engine(database, vault, host, Clock.systemUTC());
        fleet = new Fleet(engine);
        old = vault.create(1);
        next = vault.create(2);
        third = vault.create(3);
        set = engine.createSet("des", old);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<ArmId> vms(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> fleet.add(set, "vm" + i, false))
                .toList();
    }

    private DomainError refusal(KeyId to) {
        DomainException refused = catchThrowableOfType(
                DomainException.class, () -> engine.rotations.begin(Engine.WHO, KeyChange.Request.of(set, to)));
        return refused.error();
    }

    private static List<String> codes(DomainError error) {
        return error.info().details().stream().map(ErrorInfo::code).toList();
    }

    private ArtifactId artifactOf(ArmId vm, int index) {
        return engine.transactions
                .read(tx -> engine.stores.artifacts().ofVm(tx, vm))
                .get(index)
                .id();
    }

    @Test
    void R4_rotate_whenAllStopped_rewrapsEveryArtifact() {
        vms(3);
        Operation done = engine.rotate(set, next);
        assertThat(done.status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(engine.set(set).activeKey()).isEqualTo(next);
        assertThat(engine.set(set).head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(engine.set(set).lastRotatedAt()).isPresent();
        assertThat(engine.keys(set).values()).hasSize(9).containsOnly(next);
        assertThat(engine.unopenable(set)).isEmpty();
        assertThat(engine.previousKeys(set)).isEmpty();
        vault.enable(old, false);
        assertThat(engine.unopenable(set)).isEmpty();
    }

    @Test
    void R2_rotate_ofASetWithoutVms_changesItsKey() {
        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(engine.set(set).activeKey()).isEqualTo(next);
    }

    @Test
    void R3_rotate_whileVmsRun_changesNothingAndNamesEach() {
        List<ArmId> vms = vms(4);
        fleet.start(vms.get(1));
        fleet.start(vms.get(3));
        var before = engine.artifacts(set);
        var revision = engine.set(set).head().revision();

        DomainError refusal = refusal(next);

        assertThat(refusal).isInstanceOf(DomainError.Conflict.class);
        assertThat(refusal.info().code()).isEqualTo("OperationNotAllowed");
        assertThat(refusal.info().details())
                .extracting(ErrorInfo::target)
                .containsExactlyInAnyOrder(
                        Optional.of(vms.get(1).toString()),
                        Optional.of(vms.get(3).toString()));
        assertThat(engine.artifacts(set)).usingRecursiveComparison().isEqualTo(before);
        assertThat(engine.set(set).head().revision()).isEqualTo(revision);
        assertThat(engine.set(set).activeKey()).isEqualTo(old);
        assertThat(engine.rotations.history(Engine.WHO, set, 10)).isEmpty();
    }

    @Test
    void R3_rotate_whileAVmRunsBehindTheServersBack_isRefusedAndSaysWhere() {
        ArmId vm = vms(2).getFirst();
        host.startBehindOurBack(fleet.vm(vm).vmId());
        assertThat(refusal(next).info().details())
                .singleElement()
                .satisfies(d -> assertThat(d.message()).contains("runs on host 'fake'"));
    }

    @Test
    void R3_rotate_whileAHostIsSilent_isRefused_andNamesItsVms() {
        ArmId vm = vms(1).getFirst();
        host.silent = true;
        assertThat(codes(refusal(next))).containsExactly("HostUnreachable");
        assertThat(refusal(next).info().details().getFirst().message()).contains("VM '" + vm.name() + "' of the set");
    }

    @Test
    void R7_rotate_withAnEphemeralVm_isRefusedUntilItIsGone() {
        vms(1);
        fleet.add(set, "eph", true);
        DomainError refusal = refusal(next);
        assertThat(codes(refusal)).containsExactly("EphemeralVm");
        assertThat(refusal.info().details().getFirst().message()).contains("disk encryption set of their own");
    }

    @Test
    void preflight_whereTheOldKeyCannotBeTriedNow_isUnavailable_andBlamesNoKey() {
        vms(1);
        vault.full = true;

        DomainError refused = refusal(next);

        assertThat(refused).isInstanceOf(DomainError.Unavailable.class);
        assertThat(refused.info().code()).isEqualTo("StorageFull");
    }

    @Test
    void preflight_returnsAllBlockersAtOnce_andChangesNothing() {
        List<ArmId> vms = vms(3);
        fleet.add(set, "eph", true);
        fleet.start(vms.getFirst());
        host.startBehindOurBack(fleet.vm(vms.get(2)).vmId());
        vault.enable(old, false);
        vault.enable(next, false);
        assertThat(engine.rotations.preflight(Engine.WHO, set, next).blockers())
                .extracting(b -> b.info().code())
                .containsExactlyInAnyOrder(
                        "VmNotStopped",
                        "EphemeralVm",
                        "VmNotStopped",
                        "KeyVaultKeyNotEnabled",
                        "KeyVaultKeyNotEnabled");
        assertThat(engine.set(set).activeKey()).isEqualTo(old);
    }

    @Test
    void R5_rotate_whereOneArtifactFails_keepsTheOldReference_andTheRetryFinishes() {
        List<ArmId> vms = vms(3);
        ArtifactId stuck = artifactOf(vms.get(1), 2);
        host.refused.add(stuck);

        Operation failed = engine.rotate(set, next);

        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        ErrorInfo error = failed.error().orElseThrow();
        assertThat(error.code()).isEqualTo("KeyRotationIncomplete");
        assertThat(error.details())
                .singleElement()
                .satisfies(d -> assertThat(d.message()).contains("vm1", "data disk 'vm1_data'", "the host refuses"));
        assertThat(engine.set(set).activeKey()).isEqualTo(old);
        assertThat(engine.set(set).head().state()).isEqualTo(ProvisioningState.FAILED);
        assertThat(engine.previousKeys(set)).containsExactly(next);
        assertThat(engine.keys(set)).containsEntry(stuck, old);
        assertThat(engine.keys(set).values().stream().filter(next::equals)).hasSize(8);
        assertThat(engine.unopenable(set)).isEmpty();

        host.refused.clear();
        var before = engine.artifacts(set);
        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(engine.keys(set).values()).containsOnly(next);
        assertThat(engine.unopenable(set)).isEmpty();
        // R5: nothing is done twice
        assertThat(engine.artifacts(set))
                .filteredOn(a -> before.stream().noneMatch(b -> b.id().equals(a.id()) && b.revision() == a.revision()))
                .extracting(a -> a.id())
                .containsExactly(stuck);
    }

    @Test
    void R5_savingTheOldKey_rollsBack() {
        List<ArmId> vms = vms(2);
        host.refused.add(artifactOf(vms.get(0), 0));
        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(engine.rotations.needed(engine.set(set), old)).isTrue();
        assertThat(engine.rotate(set, old).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(engine.keys(set).values()).containsOnly(old);
        assertThat(engine.set(set).activeKey()).isEqualTo(old);
        assertThat(engine.rotations.needed(engine.set(set), old)).isFalse();
        assertThat(engine.unopenable(set)).isEmpty();
    }

    @Test
    void R5_savingAThirdKey_convergesEverythingOnIt() {
        List<ArmId> vms = vms(2);
        host.refused.add(artifactOf(vms.get(0), 0));
        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.FAILED);
        host.refused.clear();
        assertThat(engine.rotate(set, third).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(engine.keys(set).values()).containsOnly(third);
        assertThat(engine.unopenable(set)).isEmpty();
    }

    @Test
    void rotate_whileAnotherRotates_isRefusedNamingIt() {
        vms(1);
        Operation running = engine.rotations.begin(Engine.WHO, KeyChange.Request.of(set, next));
        assertThat(refusal(third).info().details())
                .anySatisfy(d -> assertThat(d.message()).contains(running.id().toString()));
        engine.runAll();
        assertThat(engine.set(set).activeKey()).isEqualTo(next);
    }

    @Test
    void start_whileRotationRuns_isRefused_andRotationIsRefusedAfterAStart() {
        ArmId vm = vms(1).getFirst();
        Operation running = engine.rotations.begin(Engine.WHO, KeyChange.Request.of(set, next));
        assertThat(running.running()).isTrue();
        assertThat(fleet.start(vm)).isFalse();
        engine.runAll();
        assertThat(fleet.start(vm)).isTrue();
        assertThat(codes(refusal(third))).containsExactly("VmNotStopped");
    }

    @Test
    void rotate_whenTheTargetIsDisabledAfterItBegan_failsAndKeepsEverything() {
        vms(2);
        Operation begun = engine.rotations.begin(Engine.WHO, KeyChange.Request.of(set, next));
        vault.enable(next, false);
        engine.runAll();
        assertThat(engine.operations.find(begun.id()).orElseThrow().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(engine.set(set).activeKey()).isEqualTo(old);
        assertThat(engine.set(set).rotation()).isEmpty();
        assertThat(engine.keys(set).values()).containsOnly(old);
        assertThat(engine.unopenable(set)).isEmpty();
    }

    @Test
    void rotateDeep_withAnImageThatDoesNotOpen_leavesItUnderTheOldKeyAndNamesIt() {
        List<ArmId> vms = vms(2);
        ArtifactId bad = artifactOf(vms.get(1), 1);
        host.corrupted.add(bad);
        Operation failed =
                engine.rotate(new KeyChange.Request(set, next, Optional.empty(), true, Optional.empty(), (_, s) -> s));
        assertThat(failed.error().orElseThrow().details())
                .singleElement()
                .satisfies(d -> assertThat(d.code()).isEqualTo("ImageDoesNotOpen"));
        assertThat(engine.keys(set)).containsEntry(bad, old);
    }

    @Test
    void rotate_withAStaleRevision_isRefused() {
        vms(1);
        long revision = engine.set(set).head().revision();
        DomainException refused = catchThrowableOfType(
                DomainException.class,
                () -> engine.rotations.begin(
                        Engine.WHO,
                        new KeyChange.Request(
                                set, next, Optional.empty(), false, Optional.of(revision + 7), (_, s) -> s)));
        assertThat(refused.error()).isInstanceOf(DomainError.PreconditionFailed.class);
    }

    @Test
    void rotate_makesTheSameNumberOfVaultCalls_howeverManyVmsThereAre() {
        vms(1);
        long few = callsOf(next);
        for (int i = 1; i < 60; i++) {
            fleet.add(set, "more" + i, false);
        }
        long many = callsOf(third);
        assertThat(many).isEqualTo(few);
        assertThat(many).isLessThanOrEqualTo(7);
    }

    private long callsOf(KeyId to) {
        long before = vault.calls.get();
        assertThat(engine.rotate(set, to).status()).isEqualTo(OperationStatus.SUCCEEDED);
        return vault.calls.get() - before;
    }
}

package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmView;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.host.simulated.HostCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R1, and the life of a VM from its creation to its end. */
class VmLifeTest extends Scenario {
    private KeyId key;
    private ArmId set;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        set = world.set("des", key);
    }

    private ConfidentialVm vm(ArmId id) {
        return world.vms.get(World.WHO, id).vm();
    }

    private Operation create(Specs.Vm spec) {
        return world.finish(
                world.vms.save(World.WHO, spec.build(), Precondition.NONE).operation());
    }

    @Test
    void R1_create_underASet_runsWithEveryArtifactUnderTheSetsKey() {
        Operation done = create(Specs.vm("web").under(Optional.of(set)).with(Specs.newDisk(0, "data")));
        assertThat(done.status()).isEqualTo(OperationStatus.SUCCEEDED);
        ConfidentialVm made = vm(Specs.vm("web").id());
        assertThat(made.power()).isEqualTo(PowerState.RUNNING);
        assertThat(made.head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(world.host.active()).contains(made.vmId());
        assertThat(world.vms.artifacts(World.WHO, made.id()).artifacts())
                .hasSize(3)
                .allSatisfy(a -> assertThat(a.key()).contains(key))
                .extracting(a -> a.artifact().kind())
                .containsExactlyInAnyOrder(ArtifactKind.values());
        assertThat(world.deep.verify(set).verified()).isEqualTo(3);
    }

    @Test
    void R1_create_withoutASet_isUnderThePlatformKey() {
        ArmId id = world.vm("alone", Optional.empty());
        assertThat(world.vms.artifacts(World.WHO, id).artifacts()).hasSize(2).allSatisfy(a -> {
            assertThat(a.key()).isEmpty();
            assertThat(a.artifact().set()).isEmpty();
        });
    }

    @Test
    void R1_update_cannotMoveAVmBetweenSetsOrToAndFromThePlatformKey() {
        ArmId under = world.vm("under", Optional.of(set));
        ArmId alone = world.vm("alone", Optional.empty());
        ArmId other = world.set("other", key);
        for (Specs.Vm spec : new Specs.Vm[] {
            Specs.vm("under"),
            Specs.vm("under").under(Optional.of(other)),
            Specs.vm("alone").under(Optional.of(set)),
        }) {
            DomainError error = World.refused(() -> world.vms.save(World.WHO, spec.build(), Precondition.NONE));
            assertThat(error).isInstanceOf(DomainError.Invalid.class);
            assertThat(error.info().message()).contains("cannot be moved to another disk encryption set");
        }
        assertThat(vm(under).set()).contains(set);
        assertThat(vm(alone).set()).isEmpty();
    }

    @Test
    void R1_oneSetServesManyVms() {
        world.vm("a", Optional.of(set));
        world.vm("b", Optional.of(set));
        assertThat(world.sets.census(World.WHO, set).total()).isEqualTo(4);
        assertThat(world.sets.associated(World.WHO, set, Optional.empty(), 10)).hasSize(2);
    }

    @Test
    void create_withTheSetInTheWrongPlace_namesTheRightOne() {
        DomainError error = World.refused(
                () -> world.vms.save(World.WHO, Specs.vm("x").misplaced(set).build(), Precondition.NONE));
        assertThat(error.info().message()).contains("osDisk.managedDisk.securityProfile.diskEncryptionSet.id");
    }

    @Test
    void create_ofAVmThatIsNotConfidential_isRefused() {
        DomainError error = World.refused(() -> world.vms.save(
                World.WHO,
                Specs.vm("x").securityType(Optional.of("TrustedLaunch")).build(),
                Precondition.NONE));
        assertThat(error.info().message()).contains("must be ConfidentialVM, not 'TrustedLaunch'");
    }

    @Test
    void create_whenTheKeyIsDisabled_isRefusedNamingItAndNothingStays() {
        world.vault.enable(key, false);
        Specs.Vm spec = Specs.vm("x").under(Optional.of(set));
        DomainError error = World.refused(() -> world.vms.save(World.WHO, spec.build(), Precondition.NONE));
        assertThat(error.info().code()).isEqualTo("KeyVaultKeyNotEnabled");
        assertThat(error.info().message()).contains(key.url());
        assertThat(World.refused(() -> world.vms.get(World.WHO, spec.id()))).isInstanceOf(DomainError.NotFound.class);
        assertThat(World.refused(() -> world.disks.get(World.WHO, spec.osDisk())))
                .isInstanceOf(DomainError.NotFound.class);
    }

    @Test
    void create_whenTheKeyIsInAnotherRegion_isRefused() {
        world.vault.move(key, "northeurope");
        DomainError error = World.refused(() ->
                world.vms.save(World.WHO, Specs.vm("x").under(Optional.of(set)).build(), Precondition.NONE));
        assertThat(error.info().code()).isEqualTo("KeyVaultAndDiskInDifferentRegions");
    }

    @Test
    void create_inAGroupThatIsNotThere_isRefused() {
        DomainError error = World.refused(() -> {
            var spec = Specs.vm("x").build();
            ArmId elsewhere = new ArmId(World.SUBSCRIPTION, "nowhere", ConfidentialVm.TYPE, "x");
            world.vms.save(
                    World.WHO,
                    new dev.keyturn.core.vm.VmSpec(
                            elsewhere,
                            spec.location(),
                            spec.tags(),
                            spec.document(),
                            spec.size(),
                            spec.securityType(),
                            spec.secureBoot(),
                            spec.vTpm(),
                            spec.image(),
                            spec.osDisk(),
                            spec.dataDisks(),
                            spec.interfaces()),
                    Precondition.NONE);
        });
        assertThat(error.info().code()).isEqualTo("ResourceGroupNotFound");
    }

    @Test
    void create_whoseStartFails_leavesAFailedVmThatCanBeStarted() {
        world.faults.put(Fault.of("f", FaultKind.START_FAILS).times(1));
        Operation failed = create(Specs.vm("x").under(Optional.of(set)));
        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        ConfidentialVm vm = vm(Specs.vm("x").id());
        assertThat(vm.head().state()).isEqualTo(ProvisioningState.FAILED);
        assertThat(vm.power()).isEqualTo(PowerState.STOPPED);
        assertThat(vm.fault()).isPresent();
        Operation started = world.finish(world.power.start(World.WHO, vm.id()).operation());
        assertThat(started.error()).isEmpty();
        assertThat(vm(vm.id()).head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(vm(vm.id()).fault()).isEmpty();
    }

    @Test
    void create_whileTheHostIsAway_goesOnWhenItIsBack() {
        world.faults.put(Fault.of("f", FaultKind.UNREACHABLE));
        Accepted<VmView> accepted =
                world.vms.save(World.WHO, Specs.vm("x").under(Optional.of(set)).build(), Precondition.NONE);
        assertThat(world.finish(accepted.operation()).running()).isTrue();
        world.faults.remove("f");
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(world.finish(accepted.operation()).status()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void create_whoseKeyIsLostMeanwhile_failsAndCanBePutAgain() {
        Specs.Vm spec = Specs.vm("x").under(Optional.of(set));
        Accepted<VmView> accepted = world.vms.save(World.WHO, spec.build(), Precondition.NONE);
        world.vault.enable(key, false);
        Operation failed = world.finish(accepted.operation());
        assertThat(failed.error().orElseThrow().message()).contains(key.url());
        assertThat(vm(spec.id()).power()).isEqualTo(PowerState.DEALLOCATED);
        assertThat(World.refused(() -> world.power.start(World.WHO, spec.id()))
                        .info()
                        .message())
                .contains("was not created completely");
        world.vault.enable(key, true);
        assertThat(create(spec).error()).isEmpty();
        assertThat(vm(spec.id()).power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void power_followsTheRequests() {
        ArmId id = world.vm("x", Optional.of(set));
        assertThat(world.finish(world.power.powerOff(World.WHO, id, false).operation())
                        .error())
                .isEmpty();
        assertThat(vm(id).power()).isEqualTo(PowerState.STOPPED);
        assertThat(world.host.active()).isEmpty();
        assertThat(world.finish(world.power.deallocate(World.WHO, id).operation())
                        .error())
                .isEmpty();
        assertThat(vm(id).power()).isEqualTo(PowerState.DEALLOCATED);
        assertThat(World.refused(() -> world.power.restart(World.WHO, id))
                        .info()
                        .message())
                .contains("PowerState/deallocated");
        assertThat(world.finish(world.power.start(World.WHO, id).operation()).error())
                .isEmpty();
        assertThat(world.finish(world.power.restart(World.WHO, id).operation()).error())
                .isEmpty();
        assertThat(vm(id).power()).isEqualTo(PowerState.RUNNING);
        Operation again = world.power.start(World.WHO, id).operation();
        assertThat(again.status()).isEqualTo(OperationStatus.SUCCEEDED);
    }

    @Test
    void secondOperation_onABusyVm_isRefusedNamingTheFirst() {
        ArmId id = world.stoppedVm("x", Optional.of(set));
        Operation first = world.power.start(World.WHO, id).operation();
        DomainError error = World.refused(() -> world.power.deallocate(World.WHO, id));
        assertThat(error).isInstanceOf(DomainError.Conflict.class);
        assertThat(error.info().message()).contains(first.id().toString());
    }

    @Test
    void powerOff_thatTheVmIgnores_failsAndLeavesItRunning() {
        ArmId id = world.vm("x", Optional.of(set));
        world.faults.put(Fault.of("f", FaultKind.STOP_FAILS));
        Operation failed =
                world.finish(world.power.powerOff(World.WHO, id, false).operation());
        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(vm(id).power()).isEqualTo(PowerState.RUNNING);
        assertThat(vm(id).fault()).isPresent();
    }

    private Operation deleteWhileItsImagesCannotBe(Specs.Vm spec) {
        assertThat(create(spec).error()).isEmpty();
        world.faults.put(Fault.of("f", FaultKind.UNREACHABLE).at(HostCall.DELETE));
        Operation begun = world.vms
                .delete(World.WHO, spec.id(), Precondition.NONE)
                .orElseThrow()
                .operation();
        for (int i = 0; i < 6; i++) {
            world.runAll();
            world.clock.advance(Duration.ofMinutes(1));
        }
        return world.finish(begun);
    }

    @Test
    void delete_thatFailsAtTheImages_leavesTheSetAsIfTheVmWereGone_andItsKeptDisksFree() {
        Specs.Vm spec = Specs.vm("x").under(Optional.of(set)).deletedWithVm().with(Specs.newDisk(0, "kept"));
        Operation failed = deleteWhileItsImagesCannotBe(spec);
        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(failed.error().orElseThrow().message()).contains("does not answer");
        assertThat(vm(spec.id()).head().state()).isEqualTo(ProvisioningState.FAILED);
        assertThat(world.deep.verify(set).verified()).isEqualTo(1);
        KeyId next = world.vault.create(2);
        Operation rotated = world.finish(world.rotations.begin(World.WHO, KeyChange.Request.of(set, next)));
        assertThat(rotated.error()).isEmpty();
        world.faults.clear();
        Specs.Vm other = Specs.vm("y").under(Optional.of(set)).with(Specs.attached(0, World.id(Disk.TYPE, "kept")));
        assertThat(create(other).error()).isEmpty();
    }

    @Test
    void delete_thatFailedAtTheImages_goesOnWhenItIsAskedForAgain_andNothingElseCanBe() {
        Specs.Vm spec = Specs.vm("x").under(Optional.of(set));
        assertThat(deleteWhileItsImagesCannotBe(spec).status()).isEqualTo(OperationStatus.FAILED);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> world.power.start(World.WHO, spec.id()),
                () -> world.vms.save(World.WHO, spec.build(), Precondition.NONE))) {
            assertThat(World.refused(call).info().message()).contains("can only be deleted");
        }
        world.faults.clear();
        assertThat(world.finish(world.vms
                                .delete(World.WHO, spec.id(), Precondition.NONE)
                                .orElseThrow()
                                .operation())
                        .status())
                .isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(World.refused(() -> world.vms.get(World.WHO, spec.id()))).isInstanceOf(DomainError.NotFound.class);
    }

    @Test
    void create_whoseImagesAreRefused_leavesNoArtifactBehind_andIsMadeAnewByTheNextPut() {
        world.talkative.around = (call, effect) -> {
            effect.run();
            if (call.equals("provision")) {
                throw DomainError.notAllowed("injected").asException();
            }
        };
        Specs.Vm spec = Specs.vm("x").under(Optional.of(set));
        assertThat(create(spec).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(world.sets.census(World.WHO, set).total()).isZero();
        assertThat(world.deep.verify(set).allOpen()).isTrue();
        world.talkative.around = (_, effect) -> effect.run();
        assertThat(create(spec).error()).isEmpty();
        assertThat(vm(spec.id()).power()).isEqualTo(PowerState.RUNNING);
        assertThat(world.deep.verify(set).verified()).isEqualTo(2);
    }

    @Test
    void save_withAStaleETag_isRefused() {
        ArmId id = world.vm("x", Optional.of(set));
        DomainError error = World.refused(() ->
                world.vms.save(World.WHO, Specs.vm("x").under(Optional.of(set)).build(), Precondition.revision(1)));
        assertThat(error).isInstanceOf(DomainError.PreconditionFailed.class);
        assertThat(vm(id).power()).isEqualTo(PowerState.RUNNING);
    }
}

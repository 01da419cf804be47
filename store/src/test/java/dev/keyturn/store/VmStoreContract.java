package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.head;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.vm;
import static dev.keyturn.store.Samples.vmId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class VmStoreContract extends StoreContract {
    private static final Optional<ErrorInfo> NO_FAULT = Optional.empty();

    @BeforeEach
    void oneSet() {
        run(tx -> samples.insertSet(tx, "des1"));
    }

    @Test
    void find_returnsWhatWasInserted() {
        ConfidentialVm vm = inserted("Web1", PowerState.RUNNING);

        assertThat(one(tx -> stores.vms().find(tx, vmId("WEB1")))).contains(vm);
        assertThat(one(tx -> stores.vms().findByVmId(tx, vm.vmId()))).contains(vm);
        assertThat(one(tx -> stores.vms().findByVmId(tx, UUID.randomUUID()))).isEmpty();
        assertThat(one(tx -> stores.resources().find(tx, vmId("web1")))).contains(vm.head());
    }

    @Test
    void insert_ofATakenId_changesNothing() {
        ConfidentialVm vm = inserted("web1", PowerState.RUNNING);

        assertThat(insert(vm("web1", Optional.empty(), PowerState.STOPPED))).isFalse();
        assertThat(one(tx -> stores.vms().find(tx, vmId("web1")))).contains(vm);
    }

    @Test
    void insert_intoASetThatIsNotThere_isRefusedAndLeavesNoHead() {
        assertThatThrownBy(() -> insert(vm("web1", Optional.of(setId("nobody")), PowerState.STOPPED)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(one(tx -> stores.resources().find(tx, vmId("web1")))).isEmpty();
    }

    @Test
    void update_isACompareAndSetOnTheRevision() {
        ConfidentialVm vm = inserted("web1", PowerState.STOPPED);
        ConfidentialVm next = vm.with(vm.head().with(Map.of(), "{}", NOW))
                .in(PowerState.STARTING, NOW.plusSeconds(1), Optional.of(ErrorInfo.of("A", "b")));

        assertThat(did(tx -> stores.vms().update(tx, next))).isTrue();
        assertThat(did(tx -> stores.vms().update(tx, next))).isFalse();
        assertThat(one(tx -> stores.vms().find(tx, vm.id()))).contains(next);
    }

    @Test
    void crashes_areTheLastFew_andGoWithTheVm() {
        ConfidentialVm vm = inserted("web1", PowerState.STOPPED);
        inserted("web2", PowerState.STOPPED);
        for (int i = 0; i < VmStore.CRASHES + 2; i++) {
            VmStore.Crash crash = new VmStore.Crash(NOW.plusSeconds(i), ErrorInfo.of("GuestCrashed", "crash " + i));
            run(tx -> {
                stores.vms().crashed(tx, vm.id(), crash);
                stores.vms().crashed(tx, vm.id(), crash);
            });
        }
        assertThat(many(tx -> stores.vms().crashes(tx, vm.id())))
                .extracting(c -> c.reason().message())
                .containsExactly("crash 6", "crash 5", "crash 4", "crash 3", "crash 2");
        assertThat(many(tx -> stores.vms().crashes(tx, vmId("web2")))).isEmpty();
        assertThat(did(tx -> stores.vms().delete(tx, vm.id()))).isTrue();
        ConfidentialVm next = inserted("web1", PowerState.STOPPED);
        assertThat(many(tx -> stores.vms().crashes(tx, next.id()))).isEmpty();
    }

    @Test
    void movePower_thatMisses_startsNothing() {
        ConfidentialVm vm = vm("held", Optional.of(setId("des1")), PowerState.DEALLOCATED);
        run(tx -> {
            stores.vms().insert(tx, vm).require("a fresh row");
            stores.stoppedVms().stopped(tx, setId("des1"), vm, NOW);
        });
        assertThat(did(tx -> stores.vms()
                        .movePower(tx, vm.id(), Set.of(PowerState.STARTING), PowerState.RUNNING, NOW, NO_FAULT)))
                .isFalse();
        assertThat(many(tx ->
                        stores.stoppedVms().off(tx, setId("des1"), NOW.minusSeconds(1), Set.of(Optional.empty()), 9)))
                .hasSize(1);
    }

    @Test
    void movePower_movesOnlyFromTheNamedStates() {
        ConfidentialVm vm = inserted("web1", PowerState.STOPPED);
        Optional<ErrorInfo> fault = Optional.of(ErrorInfo.of("KeyLost", "its key is disabled"));

        assertThat(did(tx -> stores.vms()
                        .movePower(
                                tx,
                                vm.id(),
                                Set.of(PowerState.RUNNING),
                                PowerState.STOPPING,
                                NOW.plusSeconds(1),
                                NO_FAULT)))
                .isFalse();
        assertThat(one(tx -> stores.vms().find(tx, vm.id()))).contains(vm);
        assertThat(did(tx -> stores.vms()
                        .movePower(
                                tx,
                                vm.id(),
                                Set.of(PowerState.STOPPED, PowerState.DEALLOCATED),
                                PowerState.STARTING,
                                NOW.plusSeconds(1),
                                fault)))
                .isTrue();
        assertThat(one(tx -> stores.vms().find(tx, vm.id())))
                .contains(vm.in(PowerState.STARTING, NOW.plusSeconds(1), fault));
        assertThat(did(tx -> stores.vms()
                        .movePower(tx, vmId("none"), Set.of(PowerState.STOPPED), PowerState.STARTING, NOW, NO_FAULT)))
                .isFalse();
    }

    @Test
    void blocking_namesEveryVmThatIsActiveEphemeralOrBusy() {
        inserted("a-stopped", PowerState.STOPPED);
        inserted("b-deallocated", PowerState.DEALLOCATED);
        for (PowerState power :
                List.of(PowerState.RUNNING, PowerState.STARTING, PowerState.STOPPING, PowerState.DEALLOCATING)) {
            inserted("c-" + power.wire(), power);
        }
        insert(vm(head(vmId("d-ephemeral")), Optional.of(setId("des1")), PowerState.STOPPED, true));
        insert(vm(
                head(vmId("e-busy")).in(ProvisioningState.UPDATING, NOW),
                Optional.of(setId("des1")),
                PowerState.STOPPED,
                false));
        insert(vm(
                head(vmId("f-failed")).in(ProvisioningState.FAILED, NOW),
                Optional.of(setId("des1")),
                PowerState.STOPPED,
                false));
        insert(vm("g-elsewhere", Optional.empty(), PowerState.RUNNING));

        assertThat(names(many(tx -> stores.vms().blocking(tx, setId("DES1")))))
                .containsExactly("c-deallocating", "c-running", "c-starting", "c-stopping", "d-ephemeral", "e-busy");
        assertThat(count(tx -> stores.vms().countEphemeral(tx, setId("des1")))).isEqualTo(1);
        assertThat(count(tx -> stores.vms().count(tx, setId("des1")))).isEqualTo(9);
        assertThat(many(tx -> stores.vms().blocking(tx, setId("nobody")))).isEmpty();
    }

    @Test
    void ofSet_andNotStopped_pageById() {
        for (int i = 0; i < 5; i++) {
            inserted("web" + i, i % 2 == 0 ? PowerState.RUNNING : PowerState.STOPPED);
        }
        insert(vm("platform", Optional.empty(), PowerState.RUNNING));

        assertThat(names(many(tx -> stores.vms().ofSet(tx, setId("des1"), Optional.empty(), 3))))
                .containsExactly("web0", "web1", "web2");
        Optional<String> after = Optional.of(vmId("web2").key());
        assertThat(names(many(tx -> stores.vms().ofSet(tx, setId("des1"), after, 3))))
                .containsExactly("web3", "web4");
        assertThat(names(many(tx -> stores.vms().notStopped(tx, "host-a", Optional.empty(), 3))))
                .containsExactly("platform", "web0", "web2");
        assertThat(names(many(tx -> stores.vms().notStopped(tx, "host-a", after, 3))))
                .containsExactly("web4");
        assertThat(many(tx -> stores.vms().notStopped(tx, "host-b", Optional.empty(), 3)))
                .isEmpty();
    }

    @Test
    void page_hasVmsAlone() {
        inserted("web1", PowerState.STOPPED);

        assertThat(names(many(tx -> stores.vms().page(tx, SUBSCRIPTION, Optional.of("prod-rg"), Optional.empty(), 9))))
                .containsExactly("web1");
        assertThat(many(tx -> stores.vms().page(tx, SUBSCRIPTION, Optional.of("other"), Optional.empty(), 9)))
                .isEmpty();
    }

    @Test
    void delete_takesTheHeadAlong() {
        inserted("web1", PowerState.STOPPED);

        assertThat(did(tx -> stores.vms().delete(tx, vmId("web1")))).isTrue();
        assertThat(did(tx -> stores.vms().delete(tx, vmId("web1")))).isFalse();
        assertThat(one(tx -> stores.resources().find(tx, vmId("web1")))).isEmpty();
        assertThat(one(tx -> stores.vms().find(tx, vmId("web1")))).isEmpty();
    }

    private ConfidentialVm inserted(String name, PowerState power) {
        ConfidentialVm vm = vm(name, Optional.of(setId("des1")), power);
        assertThat(insert(vm)).isTrue();
        return vm;
    }

    private boolean insert(ConfidentialVm vm) {
        return did(tx -> stores.vms().insert(tx, vm));
    }

    private static List<String> names(List<ConfidentialVm> vms) {
        return vms.stream().map(v -> v.id().name()).toList();
    }
}

package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.disk;
import static dev.keyturn.store.Samples.diskId;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.vm;
import static dev.keyturn.store.Samples.vmId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskFilter;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.ProvisioningState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class DiskStoreContract extends StoreContract {
    private static final Optional<ArmId> SET = Optional.of(setId("des1"));
    private static final Optional<ArmId> VM = Optional.of(vmId("web1"));

    @BeforeEach
    void oneVmInOneSet() {
        run(tx -> {
            samples.insertSet(tx, "des1");
            stores.vms().insert(tx, vm("web1", SET, PowerState.STOPPED)).require("a fresh row");
        });
    }

    @Test
    void find_returnsWhatWasInserted() {
        Disk data = inserted(disk("Data1", false, SET, VM, Optional.of(3)));
        Disk loose = inserted(disk("loose", false, Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(one(tx -> stores.disks().find(tx, diskId("DATA1")))).contains(data);
        assertThat(one(tx -> stores.disks().find(tx, diskId("loose")))).contains(loose);
        assertThat(did(tx -> stores.disks().insert(tx, disk("data1", true, SET, VM, Optional.empty()))))
                .isFalse();
    }

    @Test
    void busy_listsTheSetsUnattachedDisksAtWork() {
        Disk idle = inserted(disk("idle", false, SET, Optional.empty(), Optional.empty()));
        Disk attached = inserted(disk("attached", false, SET, VM, Optional.of(0)));
        Disk other = inserted(disk("other", false, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(many(tx -> stores.disks().busy(tx, SET.orElseThrow()))).isEmpty();
        for (Disk disk : List.of(attached, other, idle)) {
            assertThat(did(tx -> stores.disks()
                            .update(
                                    tx,
                                    new Disk(
                                            disk.head().in(ProvisioningState.DELETING, NOW),
                                            disk.uniqueId(),
                                            false,
                                            disk.sizeGb(),
                                            disk.set(),
                                            disk.host(),
                                            disk.vm(),
                                            disk.lun(),
                                            false,
                                            disk.source()))))
                    .isTrue();
        }
        assertThat(many(tx -> stores.disks().busy(tx, SET.orElseThrow())))
                .extracting(Disk::id)
                .containsExactly(idle.id());
    }

    @Test
    void update_detachesAndAttaches_byCompareAndSet() {
        Disk data = inserted(disk("data1", false, SET, VM, Optional.of(3)));
        Disk detached = new Disk(
                data.head().with(Map.of(), "{}", NOW),
                data.uniqueId(),
                false,
                64,
                SET,
                "host-a",
                Optional.empty(),
                Optional.empty(),
                false,
                data.source());

        assertThat(did(tx -> stores.disks().update(tx, detached))).isTrue();
        assertThat(did(tx -> stores.disks().update(tx, detached))).isFalse();
        assertThat(one(tx -> stores.disks().find(tx, diskId("data1")))).contains(detached);
        assertThat(many(tx -> stores.disks().ofVm(tx, vmId("web1")))).isEmpty();
    }

    @Test
    void ofVm_isTheOsDiskAndThenDataDisksByLun() {
        inserted(disk("a-data", false, SET, VM, Optional.of(10)));
        inserted(disk("b-data", false, SET, VM, Optional.of(2)));
        inserted(disk("z-os", true, SET, VM, Optional.empty()));
        inserted(disk("loose", false, SET, Optional.empty(), Optional.empty()));

        assertThat(names(many(tx -> stores.disks().ofVm(tx, vmId("WEB1")))))
                .containsExactly("z-os", "b-data", "a-data");
    }

    @Test
    void ofSet_andPage_walkById() {
        for (int i = 0; i < 5; i++) {
            inserted(disk("d" + i, false, SET, Optional.empty(), Optional.empty()));
        }
        inserted(disk("platform", false, Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(names(many(tx -> stores.disks().ofSet(tx, setId("des1"), Optional.empty(), 3))))
                .containsExactly("d0", "d1", "d2");
        assertThat(names(many(tx -> stores.disks()
                        .ofSet(tx, setId("des1"), Optional.of(diskId("d2").key()), 3))))
                .containsExactly("d3", "d4");
        assertThat(count(tx -> stores.disks().count(tx, setId("des1")))).isEqualTo(5);
        assertThat(many(tx -> stores.disks().page(tx, SUBSCRIPTION, Optional.empty(), Optional.empty(), 99)))
                .hasSize(6);
    }

    @Test
    void find_letsThroughThoseOfTheName_thatNoVmHas_byId() {
        inserted(disk("alone-2", false, SET, Optional.empty(), Optional.empty()));
        inserted(disk("Alone-1", false, SET, Optional.empty(), Optional.empty()));
        inserted(disk("alone-of-vm", false, SET, VM, Optional.of(3)));
        inserted(disk("other", false, SET, Optional.empty(), Optional.empty()));

        assertThat(found("ALONE", true, Optional.empty(), 9)).containsExactly("Alone-1", "alone-2");
        assertThat(found("alone", false, Optional.empty(), 9)).containsExactly("Alone-1", "alone-2", "alone-of-vm");
        assertThat(found("", true, Optional.empty(), 9)).contains("other").doesNotContain("alone-of-vm");
        assertThat(found("alone", false, Optional.of(diskId("alone-1").key()), 1))
                .containsExactly("alone-2");
        assertThat(found("compute/disks", false, Optional.empty(), 9))
                .as("the rest of the id is no name")
                .isEmpty();
        Reach two = new Reach(false, List.of(), List.of(diskId("alone-2"), diskId("other"), diskId("alone-of-vm")));
        assertThat(found(two, "alone", true, Optional.empty(), 9)).containsExactly("alone-2");
    }

    private List<String> found(String text, boolean free, Optional<String> after, int limit) {
        return found(Reach.EVERYWHERE, text, free, after, limit);
    }

    private List<String> found(Reach reach, String text, boolean free, Optional<String> after, int limit) {
        return many(tx -> stores.disks().find(tx, SUBSCRIPTION, reach, new DiskFilter(text, free), after, limit))
                .stream()
                .map(d -> d.id().name())
                .toList();
    }

    @Test
    void aVm_cannotBeDeletedWhileADiskIsAttachedToIt() {
        inserted(disk("data1", false, SET, VM, Optional.of(3)));

        assertThatThrownBy(() -> did(tx -> stores.vms().delete(tx, vmId("web1"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(did(tx -> stores.disks().delete(tx, diskId("data1")))).isTrue();
        assertThat(did(tx -> stores.vms().delete(tx, vmId("web1")))).isTrue();
    }

    private Disk inserted(Disk disk) {
        assertThat(did(tx -> stores.disks().insert(tx, disk))).isTrue();
        return disk;
    }

    private static List<String> names(List<Disk> disks) {
        return disks.stream().map(d -> d.id().name()).toList();
    }
}

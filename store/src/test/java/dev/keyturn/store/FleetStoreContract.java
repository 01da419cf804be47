package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.head;
import static dev.keyturn.store.Samples.set;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.vm;
import static dev.keyturn.store.Samples.vmId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.VmCounts;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.fleet.VmFilter.Powered;
import dev.keyturn.core.fleet.VmSort;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.store.engine.SqlTx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class FleetStoreContract extends StoreContract {
    @BeforeEach
    void twoSets() {
        run(tx -> samples.insertSet(tx, "des1"));
        run(tx -> samples.insertSet(tx, "des2"));
    }

    @Test
    void find_letsThroughWhatAllConditionsHoldFor_byId() {
        inserted("web1", PowerState.RUNNING);
        inserted("web2", PowerState.STOPPED);
        inserted("Web3", PowerState.DEALLOCATING);
        inserted("db1", PowerState.DEALLOCATED);
        insert(vm("web-other", Optional.of(setId("des2")), PowerState.RUNNING));
        insert(vm("web-platform", Optional.empty(), PowerState.STARTING));
        ErrorInfo fault = ErrorInfo.of("KeyLost", "its key is disabled");
        insert(vm("web-faulty", Optional.of(setId("des1")), PowerState.STOPPED)
                .in(PowerState.STOPPED, NOW, Optional.of(fault)));

        assertThat(found(VmFilter.ALL))
                .containsExactly("db1", "web-faulty", "web-other", "web-platform", "web1", "web2", "Web3");
        assertThat(found(VmFilter.ALL.of(setId("DES1")))).containsExactly("db1", "web-faulty", "web1", "web2", "Web3");
        assertThat(found(VmFilter.ALL.of(setId("nobody")))).isEmpty();
        assertThat(found(VmFilter.ALL.ofNoSet())).containsExactly("web-platform");
        assertThat(found(VmFilter.ALL.in(Powered.RUNNING))).containsExactly("web-other", "web1");
        assertThat(found(VmFilter.ALL.in(Powered.WORKING))).containsExactly("web-platform", "Web3");
        assertThat(found(VmFilter.ALL.in(Powered.DEALLOCATED))).containsExactly("db1");
        assertThat(found(VmFilter.ALL.withFault())).containsExactly("web-faulty");
        VmFilter several = VmFilter.ALL.named("WEB").of(setId("des1")).in(Powered.STOPPED);
        assertThat(found(several)).containsExactly("web-faulty", "web2");
        assertThat(found(several.withFault())).containsExactly("web-faulty");
    }

    @Test
    void sorted_isByTheValueThatPlacesAVm_bothWays_andGoesOnBehindAPlace() {
        inserted("web1", PowerState.RUNNING);
        inserted("Db1", PowerState.DEALLOCATED);
        insert(vm("api", Optional.of(setId("des2")), PowerState.STOPPING));
        insert(vm("bare", Optional.empty(), PowerState.RUNNING));
        run(tx -> SqlTx.of(tx).update("UPDATE vm SET host = 'host-b' WHERE name IN ('web1', 'db1')"));

        for (VmSort.By by : VmSort.By.values()) {
            for (boolean descending : List.of(false, true)) {
                VmSort sort = new VmSort(by, descending);
                List<ConfidentialVm> all = sorted(VmFilter.ALL, sort, Optional.empty(), 9);
                Comparator<ConfidentialVm> order = Comparator.comparing((ConfidentialVm vm) -> by.value(vm))
                        .thenComparing(vm -> vm.id().key());
                assertThat(all).as("%s", sort).hasSize(4).isSortedAccordingTo(descending ? order.reversed() : order);
                for (int i = 0; i < all.size(); i++) {
                    VmSort.Place place = new VmSort.Place(
                            by.value(all.get(i)), all.get(i).id().key());
                    assertThat(sorted(VmFilter.ALL, sort, Optional.of(place), 9))
                            .as("%s behind %s", sort, place)
                            .isEqualTo(all.subList(i + 1, all.size()));
                }
            }
        }
        assertThat(names(
                        sorted(VmFilter.ALL.of(setId("des1")), new VmSort(VmSort.By.HOST, false), Optional.empty(), 1)))
                .containsExactly("Db1");
    }

    /** Sets of one name in several groups, more of them than one statement reads, sets without VMs, and VMs without a set. */
    @Test
    void sorted_bySet_hasEveryVmOnce_howeverTheSetsAreNamed_andHoweverItIsPaged() {
        Random random = new Random(9);
        List<Optional<ArmId>> sets = new ArrayList<>(List.of(Optional.empty()));
        for (int g = 0; g < 40; g++) {
            for (String name : List.of("Des", "alone" + g % 7, "empty" + g)) {
                ArmId id = new ArmId(SUBSCRIPTION, "g" + g, DiskEncryptionSet.TYPE, name);
                run(tx ->
                        stores.diskSets().insert(tx, set("any").with(head(id))).require(id));
                if (!name.startsWith("empty")) {
                    sets.add(Optional.of(id));
                }
            }
        }
        List<PowerState> powers = VmSort.By.STATES;
        List<ConfidentialVm> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            ArmId id = new ArmId(SUBSCRIPTION, "g" + random.nextInt(40), ConfidentialVm.TYPE, "vm" + i);
            PowerState power = powers.get(random.nextInt(powers.size()));
            all.add(insert(vm(head(id), sets.get(random.nextInt(sets.size())), power, false)));
        }
        Comparator<ConfidentialVm> order = Comparator.comparing((ConfidentialVm vm) -> VmSort.By.SET.value(vm))
                .thenComparing(vm -> vm.id().key());
        for (boolean descending : List.of(false, true)) {
            VmSort sort = new VmSort(VmSort.By.SET, descending);
            for (VmFilter filter : List.of(
                    VmFilter.ALL,
                    VmFilter.ALL.named("7"),
                    VmFilter.ALL.in(Powered.STOPPED),
                    VmFilter.ALL.ofNoSet(),
                    VmFilter.ALL.of(sets.get(5).orElseThrow()))) {
                List<ArmId> wanted = all.stream()
                        .filter(vm -> passes(filter, vm))
                        .sorted(descending ? order.reversed() : order)
                        .map(ConfidentialVm::id)
                        .toList();
                for (int size : List.of(1, 7, 200)) {
                    assertThat(walked(filter, sort, size))
                            .as("%s of %s by %d", sort, filter, size)
                            .isEqualTo(wanted);
                }
            }
        }
    }

    private static boolean passes(VmFilter filter, ConfidentialVm vm) {
        return filter.text().map(t -> vm.id().name().contains(t)).orElse(true)
                && filter.power().map(p -> p.states().contains(vm.power())).orElse(true)
                && (!filter.keyless() || vm.set().isEmpty())
                && filter.set().map(s -> vm.set().equals(Optional.of(s))).orElse(true);
    }

    private List<ArmId> walked(VmFilter filter, VmSort sort, int size) {
        List<ArmId> found = new ArrayList<>();
        Optional<VmSort.Place> behind = Optional.empty();
        while (true) {
            List<ConfidentialVm> page = sorted(filter, sort, behind, size);
            page.forEach(vm -> found.add(vm.id()));
            if (page.size() < size) {
                return found;
            }
            ConfidentialVm last = page.getLast();
            behind = Optional.of(
                    new VmSort.Place(sort.by().value(last), last.id().key()));
        }
    }

    private List<ConfidentialVm> sorted(VmFilter filter, VmSort sort, Optional<VmSort.Place> behind, int limit) {
        return many(tx -> stores.fleet().sorted(tx, SUBSCRIPTION, filter, sort, behind, limit));
    }

    @Test
    void find_isOfVmsAsTheyBecame() {
        ConfidentialVm vm = inserted("web1", PowerState.RUNNING);
        ErrorInfo fault = ErrorInfo.of("KeyLost", "its key is disabled");
        ConfidentialVm stopped = vm.in(PowerState.STOPPED, NOW.plusSeconds(1), Optional.of(fault));
        assertThat(did(tx -> stores.vms()
                        .movePower(
                                tx,
                                vm.id(),
                                Set.of(PowerState.RUNNING),
                                stopped.power(),
                                stopped.powerSince(),
                                stopped.fault())))
                .isTrue();

        assertThat(found(VmFilter.ALL.in(Powered.RUNNING))).isEmpty();
        assertThat(many(tx -> stores.fleet().find(tx, SUBSCRIPTION, VmFilter.ALL.withFault(), Optional.empty(), 9)))
                .containsExactly(stopped);
    }

    @Test
    void find_looksForTextInTheNameAlone_andTakesItLiterally() {
        inserted("a_b", PowerState.RUNNING);
        inserted("axb", PowerState.RUNNING);

        assertThat(found(VmFilter.ALL.named("_"))).containsExactly("a_b");
        assertThat(found(VmFilter.ALL.named("%"))).isEmpty();
        assertThat(found(VmFilter.ALL.named("prod"))).as("the group's name").isEmpty();
        assertThat(found(VmFilter.ALL.named("machines"))).as("the type").isEmpty();
        assertThat(found(VmFilter.ALL.named(" "))).containsExactly("a_b", "axb");
    }

    @Test
    void find_pages_andHasTheSubscriptionsAlone() {
        for (int i = 0; i < 5; i++) {
            inserted("web" + i, PowerState.RUNNING);
        }
        VmFilter web = VmFilter.ALL.named("web");

        assertThat(names(many(tx -> stores.fleet().find(tx, SUBSCRIPTION, web, Optional.empty(), 2))))
                .containsExactly("web0", "web1");
        Optional<String> after = Optional.of(vmId("web1").key());
        assertThat(names(many(tx -> stores.fleet().find(tx, SUBSCRIPTION, web, after, 9))))
                .containsExactly("web2", "web3", "web4");
        String other = SUBSCRIPTION.replace('6', '7');
        assertThat(many(tx -> stores.fleet().find(tx, other, VmFilter.ALL, Optional.empty(), 9)))
                .isEmpty();
        assertThat(read(tx -> stores.fleet().count(tx, other, VmFilter.ALL)).total())
                .isZero();
    }

    @Test
    void count_isOfWhatFindFinds_byPowerState() {
        inserted("web1", PowerState.RUNNING);
        inserted("web2", PowerState.RUNNING);
        inserted("web3", PowerState.STARTING);
        inserted("web4", PowerState.STOPPING);
        insert(vm("other", Optional.empty(), PowerState.STOPPED));

        VmCounts all = read(tx -> stores.fleet().count(tx, SUBSCRIPTION, VmFilter.ALL));
        assertThat(all.total()).isEqualTo(5);
        assertThat(all.of(PowerState.RUNNING)).isEqualTo(2);
        assertThat(all.of(Powered.WORKING)).isEqualTo(2);
        assertThat(all.of(PowerState.DEALLOCATED)).isZero();
        VmFilter some = VmFilter.ALL.of(setId("des1")).named("web").in(Powered.WORKING);
        VmCounts found = read(tx -> stores.fleet().count(tx, SUBSCRIPTION, some));
        assertThat(found.total()).isEqualTo(2);
        assertThat(found.byState()).containsAllEntriesOf(Map.of(PowerState.STARTING, 1L, PowerState.STOPPING, 1L));
        assertThat(read(tx -> stores.fleet().count(tx, SUBSCRIPTION, some.withFault()))
                        .total())
                .isZero();
    }

    private ConfidentialVm inserted(String name, PowerState power) {
        return insert(vm(name, Optional.of(setId("des1")), power));
    }

    private ConfidentialVm insert(ConfidentialVm vm) {
        assertThat(did(tx -> stores.vms().insert(tx, vm))).isTrue();
        return vm;
    }

    private List<String> found(VmFilter filter) {
        return names(many(tx -> stores.fleet().find(tx, SUBSCRIPTION, filter, Optional.empty(), 99)));
    }

    private static List<String> names(List<ConfidentialVm> vms) {
        return vms.stream().map(v -> v.id().name()).toList();
    }
}

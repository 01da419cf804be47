package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.head;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.set;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.setKey;
import static dev.keyturn.store.Samples.vm;
import static dev.keyturn.store.Samples.vmId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.fleet.FleetWatch.Machines;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

abstract class WatchStoreContract extends StoreContract {
    private static final Reach EVERYWHERE = new Reach(true, List.of(), List.of());
    private static final Reach ELSEWHERE = groups("Elsewhere");
    private static final Reach NOWHERE = groups();

    private static Reach groups(String... names) {
        return new Reach(false, List.of(names), List.of());
    }

    /** As after a rotation that some VM did not take part in (R5). */
    @Test
    void under_areTheVmsOfOneSetWithAnArtifactUnderTheVersion() {
        run(tx -> {
            SetKey.Customer one = samples.insertSet(tx, "des1");
            samples.insertVm(tx, "a", one);
            samples.insertVm(tx, "c", one);
            SetKey.Customer two = setKey(setId("des1"), key("CMK", 2));
            stores.setKeys().insert(tx, two);
            samples.insertVm(tx, "b", two);
            samples.insertVm(tx, "d", samples.insertSet(tx, "des2"));
        });

        assertThat(under(EVERYWHERE, key("cmk", 1), 9)).isEqualTo(machines(2, vmId("a"), vmId("c")));
        assertThat(under(EVERYWHERE, key("CMK", 1), 1)).isEqualTo(machines(2, vmId("a")));
        assertThat(under(EVERYWHERE, key("CMK", 2), 9)).isEqualTo(machines(1, vmId("b")));
        assertThat(under(ELSEWHERE, key("CMK", 1), 9)).isEqualTo(Machines.NONE);
        assertThat(under(groups("Elsewhere", "Prod-RG", "unknown"), key("CMK", 1), 1))
                .isEqualTo(machines(2, vmId("a")));
        assertThat(under(NOWHERE, key("CMK", 1), 9)).isEqualTo(Machines.NONE);
    }

    private Machines under(Reach reach, KeyId key, int limit) {
        return read(tx -> stores.watch().under(tx, SUBSCRIPTION, reach, setId("DES1"), key, limit));
    }

    @Test
    void vmsOfASet_areNamedAndCounted_ofAllGroupsOrOfSome() {
        run(tx -> {
            samples.insertSet(tx, "des1");
            samples.insertSet(tx, "des2");
        });
        insert(vm("b", Optional.of(setId("des1")), PowerState.RUNNING));
        insert(vm("a", Optional.of(setId("des1")), PowerState.STOPPED));
        insert(vm("other", Optional.of(setId("des2")), PowerState.RUNNING));
        ConfidentialVm c = elsewhere("c", Optional.empty());
        insert(c);

        assertThat(of(EVERYWHERE, 9)).isEqualTo(machines(3, c.id(), vmId("a"), vmId("b")));
        assertThat(of(EVERYWHERE, 2)).isEqualTo(machines(3, c.id(), vmId("a")));
        assertThat(of(groups("Elsewhere", "Prod-RG"), 2)).isEqualTo(machines(3, c.id(), vmId("a")));
        assertThat(of(ELSEWHERE, 9)).isEqualTo(machines(1, c.id()));
        assertThat(of(NOWHERE, 9)).isEqualTo(Machines.NONE);
        assertThat(countOf(SUBSCRIPTION, EVERYWHERE)).isEqualTo(3);
        assertThat(countOf(SUBSCRIPTION, groups("Elsewhere", "Prod-RG"))).isEqualTo(3);
        assertThat(countOf(SUBSCRIPTION, ELSEWHERE)).isEqualTo(1);
        assertThat(countOf(SUBSCRIPTION, NOWHERE)).isZero();
        assertThat(countOf(SUBSCRIPTION.replace('6', '7'), EVERYWHERE)).isZero();
    }

    private Machines of(Reach reach, int limit) {
        return read(tx -> stores.watch().of(tx, SUBSCRIPTION, reach, setId("DES1"), limit));
    }

    private long countOf(String subscription, Reach reach) {
        return count(tx -> stores.watch().countOf(tx, subscription, reach, setId("des1")));
    }

    @Test
    void faultyVms_areNamedAndCounted_ofAllGroupsOrOfSome() {
        run(tx -> samples.insertSet(tx, "des1"));
        Optional<ErrorInfo> fault = Optional.of(ErrorInfo.of("KeyLost", "its key is disabled"));
        insert(vm("well", Optional.of(setId("des1")), PowerState.RUNNING));
        insert(vm("ill", Optional.of(setId("des1")), PowerState.STOPPED).in(PowerState.STOPPED, NOW, fault));
        ConfidentialVm too = elsewhere("ill-too", fault);
        insert(too);

        assertThat(faulty(EVERYWHERE, 9)).isEqualTo(machines(2, too.id(), vmId("ill")));
        assertThat(faulty(EVERYWHERE, 1)).isEqualTo(machines(2, too.id()));
        assertThat(faulty(groups("Elsewhere", "Prod-RG"), 1)).isEqualTo(machines(2, too.id()));
        assertThat(faulty(ELSEWHERE, 9)).isEqualTo(machines(1, too.id()));
        assertThat(faulty(NOWHERE, 9)).isEqualTo(Machines.NONE);
    }

    private Machines faulty(Reach reach, int limit) {
        return read(tx -> stores.watch().faulty(tx, SUBSCRIPTION, reach, limit));
    }

    @Test
    void setsOfAReach_areThoseOfItsGroups_andItsSingleOnes_byId() {
        ArmId far = new ArmId(SUBSCRIPTION, "elsewhere", DiskEncryptionSet.TYPE, "far");
        run(tx -> {
            samples.insertSet(tx, "des1");
            samples.insertSet(tx, "des1-b");
            DiskEncryptionSet set = set("far");
            stores.diskSets().insert(tx, set.with(head(far))).require("a fresh row");
        });

        assertThat(sets(EVERYWHERE, 9)).containsExactly(far, setId("des1"), setId("des1-b"));
        assertThat(sets(EVERYWHERE, 2)).containsExactly(far, setId("des1"));
        assertThat(sets(groups("prod-rg", "Elsewhere"), 2)).containsExactly(far, setId("des1"));
        assertThat(sets(new Reach(false, List.of("elsewhere"), List.of(setId("DES1"))), 9))
                .containsExactly(far, setId("des1"));
        assertThat(sets(new Reach(false, List.of(), List.of(setId("gone"), setId("des1-b"))), 9))
                .containsExactly(setId("des1-b"));
        assertThat(sets(NOWHERE, 9)).isEmpty();
    }

    private List<ArmId> sets(Reach reach, int limit) {
        return many(tx -> stores.watch().sets(tx, SUBSCRIPTION, reach, limit));
    }

    private static Machines machines(long total, ArmId... some) {
        return new Machines(List.of(some), total);
    }

    private static ConfidentialVm elsewhere(String name, Optional<ErrorInfo> fault) {
        ArmId id = new ArmId(SUBSCRIPTION, "elsewhere", ConfidentialVm.TYPE, name);
        return vm(head(id), Optional.of(setId("des1")), PowerState.STOPPED, false)
                .in(PowerState.STOPPED, NOW, fault);
    }

    private void insert(ConfidentialVm vm) {
        assertThat(did(tx -> stores.vms().insert(tx, vm))).isTrue();
    }
}

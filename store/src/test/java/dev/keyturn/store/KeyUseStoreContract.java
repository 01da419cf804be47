package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.setKey;
import static dev.keyturn.store.Samples.vmId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.fleet.VmCounts;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.KeyId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

abstract class KeyUseStoreContract extends StoreContract {
    private static final KeyId FIRST = key("CMK", 1);
    private static final KeyId ALL = new KeyId(FIRST.authority(), "cmk", "");

    @Test
    void uses_areTheSetsWithArtifactsUnderAVersion_andThoseThatHaveItActive() {
        run(tx -> {
            SetKey.Customer one = samples.insertSet(tx, "des1");
            samples.insertVm(tx, "a", one);
            samples.insertVm(tx, "b", one);
            samples.insertSet(tx, "des2");
        });

        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, FIRST)))
                .containsExactly(new KeyUse(FIRST, setId("des1"), true, 4), new KeyUse(FIRST, setId("des2"), true, 0));
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, ALL))).hasSize(2);
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, key("CMK", 2))))
                .isEmpty();
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, new KeyId(FIRST.authority(), "cm", ""))))
                .as("a key whose name this one begins with")
                .isEmpty();
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, new KeyId(FIRST.authority(), "", ""))))
                .as("all of a vault")
                .hasSize(2);
        KeyId elsewhere = new KeyId("other" + FIRST.authority(), "cmk", "");
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, elsewhere)))
                .isEmpty();
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION.replace('6', '7'), ALL)))
                .isEmpty();
    }

    /** As after a rotation that some artifact did not take part in (R5). */
    @Test
    void uses_tellVersionsApart() {
        run(tx -> {
            SetKey.Customer one = samples.insertSet(tx, "des1");
            samples.insertVm(tx, "a", one);
            SetKey.Customer two = setKey(setId("des1"), key("CMK", 2));
            stores.setKeys().insert(tx, two);
            samples.insertVm(tx, "b", two);
        });

        List<KeyUse> uses = many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, ALL));
        assertThat(uses)
                .containsExactlyInAnyOrder(
                        new KeyUse(FIRST, setId("des1"), true, 2), new KeyUse(key("CMK", 2), setId("des1"), false, 2));
        assertThat(vms(key("CMK", 2), 9)).containsExactly("b");
        assertThat(vms(ALL, 9)).containsExactly("a", "b");
    }

    @Test
    void vms_areThoseWithAnArtifactUnderIt_eachOnce_thatRunFirst() {
        run(tx -> {
            SetKey.Customer one = samples.insertSet(tx, "des1");
            for (String name : List.of("a", "b", "c")) {
                samples.insertVm(tx, name, one);
            }
            samples.insertSet(tx, "des2");
        });
        assertThat(did(tx -> stores.vms()
                        .movePower(
                                tx,
                                vmId("b"),
                                Set.of(PowerState.DEALLOCATED),
                                PowerState.RUNNING,
                                NOW,
                                Optional.empty())))
                .isTrue();

        VmCounts counts = read(tx -> stores.keyUses().count(tx, SUBSCRIPTION, FIRST));
        assertThat(counts.total()).isEqualTo(3);
        assertThat(counts.of(PowerState.RUNNING)).isEqualTo(1);
        assertThat(vms(FIRST, 9)).containsExactly("b", "a", "c");
        assertThat(vms(FIRST, 2)).containsExactly("b", "a");
        assertThat(read(tx -> stores.keyUses().count(tx, SUBSCRIPTION, key("CMK", 2)))
                        .total())
                .isZero();
    }

    private List<String> vms(KeyId key, int limit) {
        return many(tx -> stores.keyUses().vms(tx, SUBSCRIPTION, key, limit)).stream()
                .map(vm -> vm.id().name())
                .toList();
    }
}

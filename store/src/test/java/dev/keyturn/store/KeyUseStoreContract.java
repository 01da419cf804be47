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
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.Rotation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
                .containsExactly(use(FIRST, setId("des1"), true, false, 4), use(FIRST, setId("des2"), true, false, 0));
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
                        use(FIRST, setId("des1"), true, false, 2), use(key("CMK", 2), setId("des1"), false, false, 2));
        assertThat(vms(key("CMK", 2), 9)).containsExactly("b");
        assertThat(vms(ALL, 9)).containsExactly("a", "b");
    }

    /** The active key stays the old one until the rotation has succeeded. */
    @Test
    void uses_areTheSetsThatARunningRotationChangesToIt_beforeAnyArtifactIsUnderIt() {
        KeyId next = key("CMK", 2);
        Rotation running = rotation(setId("des1"), next);
        run(tx -> {
            stores.rotations().insert(tx, running);
            stores.rotations().insert(tx, rotation(setId("des2"), key("CMK", 3)));
            stores.diskSets()
                    .insert(tx, Samples.set("des1").rotating(running.id()))
                    .require("a fresh row");
            SetKey.Customer one = setKey(setId("des1"), FIRST);
            stores.setKeys().insert(tx, one);
            samples.insertVm(tx, "a", one);
            samples.insertSet(tx, "des2");
        });

        KeyUse coming = use(next, setId("des1"), false, true, 0);
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, next))).containsExactly(coming);
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, ALL)))
                .containsExactlyInAnyOrder(
                        coming, use(FIRST, setId("des1"), true, false, 2), use(FIRST, setId("des2"), true, false, 0));
        assertThat(many(tx -> stores.keyUses().uses(tx, SUBSCRIPTION, key("CMK", 3))))
                .as("a rotation that no set is in any more")
                .isEmpty();
    }

    /** By the identity that the set has. */
    private KeyUse use(KeyId key, ArmId set, boolean active, boolean coming, long artifacts) {
        PrincipalId principal =
                read(tx -> stores.diskSets().find(tx, set).orElseThrow()).principal();
        return new KeyUse(key, set, principal, active, coming, artifacts);
    }

    private static Rotation rotation(ArmId set, KeyId to) {
        return new Rotation(
                new OperationId(UUID.randomUUID()),
                set,
                FIRST,
                to,
                Optional.empty(),
                false,
                "admin",
                Optional.empty(),
                new ArtifactId(0),
                2,
                0,
                0,
                NOW,
                Optional.empty());
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

package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.head;
import static dev.keyturn.store.Samples.id;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.set;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.resource.ProvisioningState;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class DiskSetStoreContract extends StoreContract {
    @Test
    void find_returnsWhatWasInserted() {
        DiskEncryptionSet set = set("Des1");
        assertThat(did(tx -> stores.diskSets().insert(tx, set))).isTrue();
        assertThat(did(tx -> stores.diskSets().insert(tx, set("des1")))).isFalse();

        assertThat(one(tx -> stores.diskSets().find(tx, setId("DES1")))).contains(set);
    }

    @Test
    void update_isACompareAndSetOnTheRevision() {
        DiskEncryptionSet set = set("des1");
        run(tx -> stores.diskSets().insert(tx, set).require("a fresh row"));
        DiskEncryptionSet rotating = new DiskEncryptionSet(
                set.head().in(ProvisioningState.UPDATING, NOW),
                key("other", 7),
                Optional.empty(),
                new SetIdentity.UserAssigned(
                        id("Microsoft.ManagedIdentity/userAssignedIdentities", "Id1"),
                        new PrincipalId(UUID.randomUUID())),
                Optional.of(new OperationId(UUID.randomUUID())),
                Optional.of(NOW.plusSeconds(3)),
                Optional.of(ErrorInfo.of("X", "y")),
                Optional.of(NOW.plusSeconds(4)));

        assertThat(did(tx -> stores.diskSets().update(tx, rotating))).isTrue();
        assertThat(did(tx -> stores.diskSets().update(tx, rotating))).isFalse();
        assertThat(one(tx -> stores.diskSets().find(tx, setId("des1")))).contains(rotating);
    }

    @Test
    void identitiesBesideTheOneThatIsUsed_areKept_andFoundByTheirPrincipals() {
        SetIdentity.UserAssigned used = user("used");
        SetIdentity.UserAssigned spare = user("spare");
        SetIdentity.SystemAssigned own = new SetIdentity.SystemAssigned(new PrincipalId(UUID.randomUUID()));
        DiskEncryptionSet set = set("des1").with(set("des1").head(), SetIdentity.of(used, List.of(own, spare)));
        run(tx -> {
            stores.diskSets().insert(tx, set).require("a fresh row");
            stores.diskSets().insert(tx, set("des2")).require("a fresh row");
        });

        assertThat(one(tx -> stores.diskSets().find(tx, setId("des1")))).contains(set);
        for (SetIdentity each : List.of(used, spare, own)) {
            assertThat(many(tx -> stores.diskSets().ofPrincipal(tx, each.principal())))
                    .containsExactly(setId("des1"));
        }
        DiskEncryptionSet alone = set.with(set.head().in(ProvisioningState.SUCCEEDED, NOW), own);
        assertThat(did(tx -> stores.diskSets().update(tx, alone))).isTrue();
        assertThat(one(tx -> stores.diskSets().find(tx, setId("des1")))).contains(alone);
        assertThat(many(tx -> stores.diskSets().ofPrincipal(tx, spare.principal())))
                .isEmpty();
    }

    private static SetIdentity.UserAssigned user(String name) {
        return new SetIdentity.UserAssigned(
                id("Microsoft.ManagedIdentity/userAssignedIdentities", name), new PrincipalId(UUID.randomUUID()));
    }

    @Test
    void page_walksById() {
        for (String name : new String[] {"b", "a", "c"}) {
            run(tx -> stores.diskSets().insert(tx, set(name)).require("a fresh row"));
        }

        assertThat(many(tx -> stores.diskSets().page(tx, SUBSCRIPTION, Optional.of("PROD-RG"), Optional.empty(), 2)))
                .extracting(s -> s.id().name())
                .containsExactly("a", "b");
        Optional<String> after = Optional.of(setId("b").key());
        assertThat(many(tx -> stores.diskSets().page(tx, SUBSCRIPTION, Optional.empty(), after, 2)))
                .extracting(s -> s.id().name())
                .containsExactly("c");
    }

    @Test
    void withRunningVms_areThoseWithAVmThatIsNotStopped() {
        run(tx -> {
            samples.insertSet(tx, "quiet");
            samples.insertSet(tx, "busy");
            samples.insertSet(tx, "empty");
            stores.vms()
                    .insert(tx, vm("q1", Optional.of(setId("quiet")), PowerState.STOPPED))
                    .require("a fresh row");
            stores.vms()
                    .insert(tx, vm("b1", Optional.of(setId("busy")), PowerState.DEALLOCATED))
                    .require("a fresh row");
            stores.vms()
                    .insert(tx, vm("b2", Optional.of(setId("busy")), PowerState.STARTING))
                    .require("a fresh row");
            stores.vms()
                    .insert(tx, vm("p1", Optional.empty(), PowerState.RUNNING))
                    .require("a fresh row");
        });

        assertThat(many(tx -> stores.diskSets().withRunningVms(tx))).containsExactly(setId("busy"));
    }

    @Test
    void delete_isRefusedWhileTheSetHasAVm() {
        run(tx -> {
            samples.insertSet(tx, "des1");
            stores.vms()
                    .insert(tx, vm("web1", Optional.of(setId("des1")), PowerState.STOPPED))
                    .require("a fresh row");
        });

        assertThatThrownBy(() -> did(tx -> stores.diskSets().delete(tx, setId("des1"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(one(tx -> stores.diskSets().find(tx, setId("des1")))).isPresent();
    }

    @Test
    void delete_isRefusedWhileAnArtifactIsUnderOneOfItsSetKeys() {
        SetKey.Customer setKey = write(tx -> samples.insertSet(tx, "des1"));
        run(tx -> {
            long first = stores.artifacts().reserveIds(tx, 1).value();
            stores.artifacts()
                    .insert(
                            tx,
                            java.util.List.of(samples.artifact(
                                    new dev.keyturn.core.model.ArtifactId(first),
                                    dev.keyturn.core.model.ArtifactKind.DATA_DISK,
                                    setId("des1"), // the set itself: it has no disk, nor VM, that could refuse
                                    Optional.of(setId("des1")),
                                    setKey.id())));
        });

        assertThatThrownBy(() -> did(tx -> stores.diskSets().delete(tx, setId("des1"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> did(tx -> stores.resources().delete(tx, setId("des1"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(one(tx -> stores.setKeys().find(tx, setKey.id()))).isPresent();
    }

    @Test
    void delete_takesUnusedSetKeysAlong() {
        SetKey.Customer setKey = write(tx -> samples.insertSet(tx, "des1"));

        assertThat(did(tx -> stores.diskSets().delete(tx, setId("des1")))).isTrue();

        assertThat(one(tx -> stores.setKeys().find(tx, setKey.id()))).isEmpty();
        assertThat(did(tx -> stores.resources().insert(tx, head(setId("des1")))))
                .isTrue();
    }
}

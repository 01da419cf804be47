package dev.keyturn.store;

import static dev.keyturn.store.Samples.check;
import static dev.keyturn.store.Samples.diskId;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.setKey;
import static dev.keyturn.store.Samples.vmId;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactStore.Rewrap;
import dev.keyturn.core.artifact.Condemned;
import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.artifact.SealedKey;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.store.engine.SqlTx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class ArtifactStoreContract extends StoreContract {
    private static final ArtifactId START = new ArtifactId(0);
    private SetKey.Customer old;
    private SetKey.Customer fresh;
    private final List<Artifact> all = new ArrayList<>();

    @BeforeEach
    void threeVmsInOneSet() {
        old = write(tx -> samples.insertSet(tx, "des1"));
        fresh = setKey(setId("des1"), key("CMK", 2));
        run(tx -> {
            stores.setKeys().insert(tx, fresh);
            all.addAll(samples.insertVm(tx, "web1", old));
            all.addAll(samples.insertVm(tx, "web2", old));
            all.addAll(samples.insertVm(tx, "web3", old));
        });
    }

    @Test
    void find_returnsWhatWasInserted() {
        Artifact os = all.get(1);

        assertThat(one(tx -> stores.artifacts().find(tx, os.id())))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(os);
        assertThat(one(tx -> stores.artifacts().find(tx, new ArtifactId(999)))).isEmpty();
    }

    @Test
    void settled_leavesOutWhatIsGoneInTheMakingOrOnItsWayOut() {
        for (ProvisioningState moving : List.of(ProvisioningState.CREATING, ProvisioningState.DELETING)) {
            inState(moving);
            assertThat(settled(ids(all)))
                    .as(moving.wire())
                    .containsExactlyInAnyOrderElementsOf(ids(all.subList(2, all.size())));
        }
        inState(ProvisioningState.FAILED);
        List<ArtifactId> asked = new ArrayList<>(ids(all));
        asked.add(new ArtifactId(999));
        assertThat(settled(asked)).containsExactlyInAnyOrderElementsOf(ids(all));
    }

    private Set<ArtifactId> settled(List<ArtifactId> asked) {
        return transactions().read(tx -> stores.artifacts().settled(tx, asked));
    }

    private void inState(ProvisioningState state) {
        run(tx -> {
            ConfidentialVm vm = stores.vms().find(tx, all.getFirst().owner()).orElseThrow();
            assertThat(stores.vms()
                            .update(tx, vm.with(vm.head().in(state, Samples.NOW)))
                            .hit())
                    .isTrue();
        });
    }

    @Test
    void named_areTheIdsOfVmsAndDisks_alsoOfImagesThatAreStillToBeDeleted() {
        Collection<ArtifactImage> images =
                read(tx -> stores.artifacts().images(tx, ids(all))).values();
        UUID vm = images.stream().flatMap(i -> i.vmId().stream()).findFirst().orElseThrow();
        UUID disk =
                images.stream().flatMap(i -> i.diskId().stream()).findFirst().orElseThrow();
        List<UUID> asked = new ArrayList<>(List.of(vm, disk));
        for (int i = 0; i < 450; i++) {
            asked.add(UUID.randomUUID());
        }

        assertThat(this.<Set<UUID>>read(tx -> stores.artifacts().named(tx, asked)))
                .containsExactlyInAnyOrder(vm, disk);
        assertThat(this.<Set<UUID>>read(tx -> stores.artifacts().named(tx, Set.of())))
                .isEmpty();
    }

    @Test
    void reserveIds_neverGivesAnIdTwice() {
        ArtifactId first = write(tx -> stores.artifacts().reserveIds(tx, 10));
        write(tx -> {
            stores.artifacts().condemn(tx, ids(all), true);
            return true;
        });
        reopen();
        ArtifactId next = write(tx -> stores.artifacts().reserveIds(tx, 1));

        assertThat(first.value()).isGreaterThan(all.getLast().id().value());
        assertThat(next.value()).isEqualTo(first.value() + 10);
        assertThatThrownBy(() -> write(tx -> stores.artifacts().reserveIds(tx, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownedBy_andOfVm_findThroughTheirOwners() {
        assertThat(ids(read(tx -> stores.artifacts().ofVm(tx, vmId("WEB2"))))).isEqualTo(ids(all.subList(2, 4)));
        assertThat(ownedBy(diskId("web2_OS"))).contains(all.get(3).id());
        assertThat(ownedBy(vmId("web2"))).contains(all.get(2).id());
        assertThat(ownedBy(diskId("web9_os"))).isEmpty();
    }

    private Optional<ArtifactId> ownedBy(ArmId owner) {
        return one(tx -> stores.artifacts().ownedBy(tx, owner)).map(Artifact::id);
    }

    @Test
    void insert_ofASecondArtifactOfAnOwner_isRefusedByTheSchema() {
        for (ArtifactKind kind : ArtifactKind.values()) {
            Artifact second = samples.artifact(
                    new ArtifactId(500), kind, diskId("web1_os"), Optional.of(setId("des1")), old.id());
            assertThatThrownBy(() -> run(tx -> stores.artifacts().insert(tx, List.of(second))))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anOwnerOfAnySort_countsAndRotates_asAnyOther() {
        ArmId owner = Samples.id("Microsoft.Compute/snapshots", "s1");
        Artifact its = samples.artifact(
                new ArtifactId(500), ArtifactKind.DATA_DISK, owner, Optional.of(setId("des1")), old.id());
        run(tx -> {
            assertThat(stores.resources().insert(tx, Samples.head(owner)).hit()).isTrue();
            stores.artifacts().insert(tx, List.of(its));
        });

        assertThat(sealed(read(tx -> stores.artifacts().notUnder(tx, setId("des1"), fresh.id(), START, 10))))
                .hasSize(7)
                .contains(its.id());
        assertThat(rewrap(rewraps(List.of(its)))).isEmpty();
        Map<SetKeyId, Map<ArtifactKind, Long>> census =
                read(tx -> stores.artifacts().census(tx, setId("des1")));
        assertThat(census).containsEntry(fresh.id(), Map.of(ArtifactKind.DATA_DISK, 1L));
        assertThat(settled(List.of(its.id()))).containsExactly(its.id());
        assertThat(ownedBy(owner)).contains(its.id());
        assertThatThrownBy(() -> write(tx -> stores.resources().delete(tx, owner)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void census_ofAKindThatNobodyKnows_isAFaultAndNotLeftOut() {
        run(tx -> SqlTx.of(tx)
                .update(
                        "UPDATE artifact SET kind = 99 WHERE id = ?",
                        all.getFirst().id()));

        assertThatThrownBy(() -> transactions().read(tx -> stores.artifacts().census(tx, setId("des1"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 artifacts")
                .hasMessageContaining("no known kind");
    }

    @Test
    void held_saysWhichVmHasIt_andNamesIt() {
        detach("web1_os");

        Map<ArtifactId, HeldArtifact> held = read(tx -> stores.artifacts().held(tx, ids(all)));

        assertThat(held.keySet()).containsExactlyInAnyOrderElementsOf(ids(all));
        assertThat(said(held, 0)).isEqualTo("VM 'web1': guest state");
        assertThat(said(held, 1)).isEqualTo("OS disk 'web1_os' (unattached)");
        assertThat(said(held, 3)).isEqualTo("VM 'web2': OS disk 'web2_os'");
        assertThat(requireNonNull(held.get(all.get(1).id())).target()).isEqualTo(diskId("web1_os"));
        assertThat(requireNonNull(held.get(all.get(3).id())).target()).isEqualTo(vmId("web2"));
        assertThat(this.<Map<ArtifactId, HeldArtifact>>read(
                        tx -> stores.artifacts().held(tx, List.of(new ArtifactId(999)))))
                .isEmpty();
    }

    private String said(Map<ArtifactId, HeldArtifact> held, int which) {
        return requireNonNull(held.get(all.get(which).id())).describe();
    }

    @Test
    void rewrap_replacesEnvelopesAndCountsRevisions() {
        List<Rewrap> rewraps = rewraps(all.subList(0, 3));

        assertThat(rewrap(rewraps)).isEmpty();

        Artifact now = read(tx -> stores.artifacts().find(tx, all.get(0).id())).orElseThrow();
        assertThat(now.envelope())
                .usingRecursiveComparison()
                .isEqualTo(rewraps.getFirst().envelope());
        assertThat(now.revision()).isEqualTo(2);
        assertThat(count(tx -> stores.artifacts().countNotUnder(tx, setId("des1"), fresh.id())))
                .isEqualTo(3);
        assertThat(count(tx -> stores.artifacts().count(tx, setId("des1")))).isEqualTo(6);
    }

    @Test
    void rewrap_ofAnOldRevision_losesAndChangesNothing() {
        write(tx -> stores.artifacts().rewrap(tx, rewraps(all.subList(1, 2))));
        Artifact before =
                read(tx -> stores.artifacts().find(tx, all.get(1).id())).orElseThrow();

        List<ArtifactId> losers = write(tx -> stores.artifacts().rewrap(tx, rewraps(all.subList(0, 3))));

        assertThat(losers).containsExactly(all.get(1).id());
        assertThat(one(tx -> stores.artifacts().find(tx, all.get(1).id())))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(before);
        assertThat(count(tx -> stores.artifacts().countNotUnder(tx, setId("des1"), fresh.id())))
                .isEqualTo(3);
    }

    @Test
    void condemn_deletesArtifactsWithTheirEnvelopes_andKeepsWhatTheirHostMustDelete() {
        Map<ArtifactId, ArtifactImage> images = read(tx -> stores.artifacts().images(tx, ids(all)));
        Artifact first = all.getFirst();
        UUID vm = requireNonNull(images.get(first.id())).vmId().orElseThrow();

        run(tx -> stores.artifacts().condemn(tx, List.of(first.id()), true));

        assertThat(one(tx -> stores.artifacts().find(tx, first.id()))).isEmpty();
        Condemned condemned =
                one(tx -> stores.artifacts().condemned(tx, first.id())).orElseThrow();
        assertThat(condemned.host()).isEqualTo(first.host());
        assertThat(condemned.image().kind()).isEqualTo(first.kind());
        assertThat(condemned.image().diskId())
                .isEqualTo(requireNonNull(images.get(first.id())).diskId());
        assertThat(many(tx -> stores.artifacts().condemnedOfVm(tx, vm))).containsExactly(condemned);
        run(tx -> stores.artifacts().forgetCondemned(tx, List.of(first.id())));
        assertThat(many(tx -> stores.artifacts().condemnedOfVm(tx, vm))).isEmpty();
    }

    @Test
    void condemn_withoutOwner_isFoundByNumberAndDiskAlone() {
        Map<ArtifactId, ArtifactImage> images = read(tx -> stores.artifacts().images(tx, ids(all)));
        Artifact disk = all.stream()
                .filter(a -> a.kind() == ArtifactKind.OS_DISK)
                .findFirst()
                .orElseThrow();
        UUID vm = requireNonNull(images.get(disk.id())).vmId().orElseThrow();
        UUID diskId = requireNonNull(images.get(disk.id())).diskId().orElseThrow();

        run(tx -> stores.artifacts().condemn(tx, List.of(disk.id()), false));

        assertThat(many(tx -> stores.artifacts().condemnedOfVm(tx, vm))).isEmpty();
        assertThat(many(tx -> stores.artifacts().condemnedOfDisk(tx, diskId))).hasSize(1);
        assertThat(one(tx -> stores.artifacts().condemned(tx, disk.id()))).isPresent();
    }

    @Test
    void rewrap_ofAnArtifactThatIsGone_loses() {
        List<Rewrap> rewraps = rewraps(all.subList(0, 2));
        run(tx -> stores.artifacts().condemn(tx, List.of(all.get(0).id()), true));

        assertThat(rewrap(rewraps)).containsExactly(all.get(0).id());
    }

    @Test
    void rewrap_withTheCheckOfAnotherDataKey_isRefusedAsAWhole() {
        Artifact first = all.get(0);
        Rewrap wrong = new Rewrap(first.id(), 1, samples.envelope(fresh.id(), check(4711)));
        List<Rewrap> batch = new ArrayList<>(rewraps(all.subList(1, 3)));
        batch.add(wrong);

        assertThatThrownBy(() -> write(tx -> stores.artifacts().rewrap(tx, batch)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another data key");
        assertThat(count(tx -> stores.artifacts().countNotUnder(tx, setId("des1"), fresh.id())))
                .isEqualTo(6);
    }

    @Test
    void rewrap_underASetKeyOfAnotherSet_isRefusedByTheSchema() {
        SetKey.Customer foreign = write(tx -> samples.insertSet(tx, "des2"));
        Rewrap wrong = new Rewrap(
                all.get(0).id(),
                1,
                samples.envelope(foreign.id(), check(all.get(0).id().value())));

        assertThatThrownBy(() -> write(tx -> stores.artifacts().rewrap(tx, List.of(wrong))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("schema");
    }

    @Test
    void notUnder_andOfSet_pageById() {
        write(tx -> stores.artifacts().rewrap(tx, rewraps(List.of(all.get(1), all.get(4)))));

        assertThat(sealed(read(tx -> stores.artifacts().notUnder(tx, setId("des1"), fresh.id(), START, 3))))
                .isEqualTo(ids(List.of(all.get(0), all.get(2), all.get(3))));
        assertThat(sealed(read(tx -> stores.artifacts()
                        .notUnder(tx, setId("des1"), fresh.id(), all.get(3).id(), 3))))
                .isEqualTo(ids(List.of(all.get(5))));
        assertThat(ids(read(tx -> stores.artifacts().ofSet(tx, setId("des1"), START, 4))))
                .isEqualTo(ids(all.subList(0, 4)));
        assertThat(ids(read(tx ->
                        stores.artifacts().ofSet(tx, setId("des1"), all.get(3).id(), 4))))
                .isEqualTo(ids(all.subList(4, 6)));
    }

    @Test
    void census_countsByKeyAndKind() {
        write(tx -> stores.artifacts().rewrap(tx, rewraps(List.of(all.get(1)))));

        Map<SetKeyId, Map<ArtifactKind, Long>> census =
                read(tx -> stores.artifacts().census(tx, setId("des1")));
        assertThat(census)
                .isEqualTo(Map.of(
                        old.id(), Map.of(ArtifactKind.GUEST_STATE, 3L, ArtifactKind.OS_DISK, 2L),
                        fresh.id(), Map.of(ArtifactKind.OS_DISK, 1L)));
    }

    @Test
    void byHost_countsByKeyAndHost_alsoWhatNoVmHas() {
        detach("web1_os");
        run(tx -> SqlTx.of(tx)
                .update(
                        "UPDATE artifact SET host = 'host-b' WHERE id IN (?, ?)",
                        all.get(1).id(),
                        all.get(2).id()));
        write(tx -> stores.artifacts().rewrap(tx, rewraps(List.of(all.get(1)))));

        Map<SetKeyId, Map<String, Long>> hosts = read(tx -> stores.artifacts().byHost(tx, setId("des1")));
        assertThat(hosts)
                .isEqualTo(Map.of(
                        old.id(), Map.of("host-a", 4L, "host-b", 1L),
                        fresh.id(), Map.of("host-b", 1L)));
    }

    @Test
    void sealedKeys_andImages_leaveOutWhatIsGone() {
        List<ArtifactId> asked = new ArrayList<>(ids(all));
        asked.add(new ArtifactId(999));

        assertThat(sealed(read(tx -> stores.artifacts().sealedKeys(tx, asked.reversed()))))
                .isEqualTo(ids(all));
        Map<ArtifactId, ArtifactImage> images = read(tx -> stores.artifacts().images(tx, asked));
        assertThat(images.keySet()).containsExactlyInAnyOrderElementsOf(ids(all));
        ArtifactImage os = requireNonNull(images.get(all.get(1).id()));
        assertThat(os.vmId())
                .isEqualTo(read(tx -> stores.vms().find(tx, vmId("web1"))).map(v -> v.vmId()));
        assertThat(os.diskId())
                .isEqualTo(
                        read(tx -> stores.disks().find(tx, diskId("web1_os"))).map(d -> d.uniqueId()));
        assertThat(os.made().map(ArtifactImage.Made::sizeGb))
                .isEqualTo(
                        read(tx -> stores.disks().find(tx, diskId("web1_os"))).map(d -> d.sizeGb()));
        ArtifactImage guest = requireNonNull(images.get(all.get(0).id()));
        assertThat(guest.diskId()).isEmpty();
        assertThat(guest.made()).isEmpty();
    }

    @Test
    void sealedKeys_ofManyIds_findsEachOnce() {
        List<ArtifactId> many = new ArrayList<>();
        for (long i = 1; i <= 1001; i++) {
            many.add(new ArtifactId(i));
        }

        assertThat(sealed(read(tx -> stores.artifacts().sealedKeys(tx, many)))).isEqualTo(ids(all));
    }

    @Test
    void sealedKeys_areWhatTheirArtifactsSay_alsoUnderSeveralSetKeys() {
        write(tx -> stores.artifacts().rewrap(tx, rewraps(List.of(all.get(1), all.get(4)))));
        List<SealedKey> expected = ids(all).stream()
                .map(id -> one(tx -> stores.artifacts().find(tx, id)).orElseThrow())
                .map(a -> new SealedKey(a.id(), a.set(), a.host(), a.envelope(), a.revision()))
                .toList();

        assertThat(expected).extracting(SealedKey::revision).containsExactly(1L, 2L, 1L, 1L, 2L, 1L);
        assertThat(this.<List<SealedKey>>read(tx -> stores.artifacts().sealedKeys(tx, ids(all))))
                .usingRecursiveComparison()
                .isEqualTo(expected);
        assertThat(this.<List<SealedKey>>read(
                        tx -> stores.artifacts().notUnder(tx, setId("des1"), new SetKeyId(new UUID(0, 1)), START, 9)))
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void hosts_areThoseOfTheSetsArtifacts() {
        assertThat(hosts("des1")).isEqualTo(Set.of("host-a"));
        assertThat(hosts("none")).isEmpty();
    }

    @Test
    void artifactOfADisk_isOfTheVmThatTheDiskIsAttachedTo() {
        ArtifactId os = all.get(1).id();

        detach("web1_os");
        assertThat(ids(many(tx -> stores.artifacts().ofVm(tx, vmId("web1"))))).doesNotContain(os);
        assertThat(image(os).vmId()).isEmpty();
        attach("web1_os", Optional.of(vmId("web3")));
        assertThat(ids(many(tx -> stores.artifacts().ofVm(tx, vmId("web3")))))
                .hasSize(3)
                .contains(os);
        assertThat(image(os).vmId())
                .isEqualTo(one(tx -> stores.vms().find(tx, vmId("web3"))).map(ConfidentialVm::vmId));
    }

    private ArtifactImage image(ArtifactId id) {
        Map<ArtifactId, ArtifactImage> images = read(tx -> stores.artifacts().images(tx, List.of(id)));
        return requireNonNull(images.get(id));
    }

    private void detach(String disk) {
        attach(disk, Optional.empty());
    }

    private void attach(String disk, Optional<ArmId> vm) {
        run(tx -> {
            Disk now = stores.disks().find(tx, diskId(disk)).orElseThrow();
            Disk next = new Disk(
                    now.head().in(ProvisioningState.SUCCEEDED, Samples.NOW),
                    now.uniqueId(),
                    now.os(),
                    now.sizeGb(),
                    now.set(),
                    now.host(),
                    vm,
                    now.lun(),
                    now.deleteWithVm(),
                    now.source());
            assertThat(stores.disks().update(tx, next).hit()).isTrue();
        });
    }

    @Test
    void insert_forAVmThatIsNotThere_isRefused() {
        Artifact orphan = samples.artifact(
                new ArtifactId(500), ArtifactKind.GUEST_STATE, vmId("nobody"), Optional.of(setId("des1")), old.id());

        assertThatThrownBy(() -> run(tx -> stores.artifacts().insert(tx, List.of(orphan))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ownersOfAnArtifact_cannotBeDeletedBeforeIt() {
        assertThatThrownBy(() -> write(tx -> stores.vms().delete(tx, vmId("web1"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> write(tx -> stores.resources().delete(tx, diskId("web1_os"))))
                .isInstanceOf(IllegalStateException.class);

        boolean gone = write(tx -> {
            stores.artifacts().condemn(tx, ids(all.subList(0, 2)), true);
            return stores.disks().delete(tx, diskId("web1_os")).hit()
                    && stores.vms().delete(tx, vmId("web1")).hit();
        });
        assertThat(gone).isTrue();
    }

    private Set<String> hosts(String set) {
        return read(tx -> stores.artifacts().hosts(tx, setId(set)));
    }

    private List<ArtifactId> rewrap(List<Rewrap> rewraps) {
        return write(tx -> stores.artifacts().rewrap(tx, rewraps));
    }

    private List<Rewrap> rewraps(List<Artifact> artifacts) {
        return artifacts.stream()
                .map(a -> new Rewrap(
                        a.id(),
                        a.revision(),
                        samples.envelope(fresh.id(), a.envelope().check())))
                .toList();
    }

    private static List<ArtifactId> sealed(List<SealedKey> keys) {
        return keys.stream().map(SealedKey::artifact).toList();
    }

    private static List<ArtifactId> ids(List<Artifact> artifacts) {
        return artifacts.stream().map(Artifact::id).toList();
    }
}

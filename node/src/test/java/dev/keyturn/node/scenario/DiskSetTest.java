package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.IdentitySpec;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disk encryption sets as resources; R6. */
class DiskSetTest extends Scenario {
    private KeyId key;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
    }

    private static ArmId id(String name) {
        return World.id(DiskEncryptionSet.TYPE, name);
    }

    private static DiskSetSpec spec(
            String name,
            Optional<IdentitySpec> identity,
            Optional<String> type,
            Optional<String> keyUrl,
            Optional<String> vault,
            boolean automatic) {
        return new DiskSetSpec(
                id(name), TestVault.REGION, Map.of("k", "v"), "{}", identity, type, keyUrl, vault, automatic, false);
    }

    private DiskSetSpec keeping(String name, Optional<IdentitySpec> identity) {
        return spec(name, identity, Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    private DomainError refused(DiskSetSpec spec) {
        return World.refused(() -> world.sets.save(World.WHO, spec, Precondition.NONE));
    }

    @Test
    void create_needsNoAccessToTheKeyYet_andSaysWhatIsMissing() {
        world.vault.admitNobody();
        Accepted<SetView> made = world.sets.save(World.WHO, Specs.set(id("des"), key), Precondition.NONE);
        assertThat(made.created()).isTrue();
        assertThat(made.operation().status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(made.resource().set().head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
        assertThat(made.warnings()).singleElement().satisfies(w -> {
            assertThat(w.code()).isEqualTo("KeyVaultAccessForbidden");
            assertThat(w.message()).contains("Key Vault Crypto Service Encryption User");
        });
        DomainError error = World.refused(() -> world.vms.save(
                World.WHO, Specs.vm("a").under(Optional.of(id("des"))).build(), Precondition.NONE));
        assertThat(error.info().code()).isEqualTo("KeyVaultAccessForbidden");
    }

    @Test
    void create_underAKeyThatCanNeverWork_isRefusedAtOnce() {
        KeyId unknown = new KeyId("kv.vault.test", "later", "0".repeat(32));
        DomainError missing = refused(Specs.set(id("des"), unknown));
        assertThat(missing).isInstanceOf(DomainError.Invalid.class);
        assertThat(missing.info().code()).isEqualTo("KeyVaultKeyNotFound");
        world.vault.enable(key, false);
        world.vault.move(key, "northeurope");
        world.vault.admitNobody();
        assertThat(refused(Specs.set(id("des"), key)).info().details())
                .extracting(ErrorInfo::code)
                .containsExactly("KeyVaultKeyNotEnabled", "KeyVaultAndDiskInDifferentRegions");
        assertThat(World.refused(() -> world.sets.get(World.WHO, id("des")))).isInstanceOf(DomainError.NotFound.class);
    }

    @Test
    void create_ofANameWithAPeriod_isRefused_withoutHttpToo() {
        DomainError error = refused(Specs.set(id("a.b"), key));
        assertThat(error).isInstanceOf(DomainError.Invalid.class);
        assertThat(error.info().code()).isEqualTo("InvalidResourceName");
        assertThat(error.info().message()).contains("'a.b'", "1 to 80 letters, digits, underscores and hyphens");
    }

    @Test
    void aSetWithAPeriod_thatIsThereAlready_isReadListedChangedAndRotated() {
        world.sets.save(World.WHO, Specs.set(id("des"), key), Precondition.NONE);
        DiskEncryptionSet made = world.sets.get(World.WHO, id("des"));
        database.transactions().run(tx -> {
            world.stores.diskSets().delete(tx, id("des")).require("des");
            world.stores
                    .diskSets()
                    .insert(
                            tx,
                            made.with(Resource.created(
                                    id("old.set"),
                                    made.head().location(),
                                    made.head().tags(),
                                    made.head().document(),
                                    made.head().state(),
                                    world.clock.instant())))
                    .require("old.set");
        });
        assertThat(world.sets.page(World.WHO, World.SUBSCRIPTION, Optional.empty(), Optional.empty(), 9))
                .extracting(v -> v.set().id())
                .containsExactly(id("old.set"));
        KeyId next = world.vault.create(2);
        world.sets.save(World.WHO, Specs.set(id("OLD.set"), next), Precondition.NONE);
        world.runAll();
        DiskEncryptionSet after = world.sets.get(World.WHO, id("old.set"));
        assertThat(after.activeKey()).isEqualTo(next);
        assertThat(after.id()).hasToString(id("old.set").toString());
    }

    @Test
    void changeOfKeyAndIdentity_whoseIdentityIsDeletedWhileItIsChecked_isRefused() {
        ArmId one = World.id("Microsoft.ManagedIdentity/userAssignedIdentities", "one");
        ArmId other = World.id("Microsoft.ManagedIdentity/userAssignedIdentities", "other");
        world.identities.user(one);
        world.identities.user(other);
        world.sets.save(World.WHO, changing(one, key), Precondition.NONE);
        KeyId next = world.vault.create(2);
        world.vault.whileAsked = () -> database.transactions().run(tx -> world.identities.delete(tx, other));

        assertThat(refused(changing(other, next)).info().message()).contains("There is no identity");

        DiskEncryptionSet set = world.sets.get(World.WHO, id("des"));
        assertThat(set.activeKey()).isEqualTo(key);
        assertThat(set.rotation()).isEmpty();
        assertThat(set.principal()).isEqualTo(world.identities.user(one));
    }

    private static DiskSetSpec changing(ArmId identity, KeyId key) {
        return spec(
                "des",
                Optional.of(IdentitySpec.userAssigned(identity)),
                Optional.of("ConfidentialVmEncryptedWithCustomerKey"),
                Optional.of(key.url()),
                Optional.empty(),
                false);
    }

    @Test
    void R6_automaticRotation_isRefusedNamingTheFlag() {
        DomainError error = refused(spec(
                "des",
                Optional.of(IdentitySpec.SYSTEM_ASSIGNED),
                Optional.of("ConfidentialVmEncryptedWithCustomerKey"),
                Optional.of(key.url()),
                Optional.empty(),
                true));
        assertThat(error).isInstanceOf(DomainError.Invalid.class);
        assertThat(error.info().message()).contains("rotationToLatestKeyVersionEnabled");
    }

    @Test
    void R6_automaticRotation_cannotBeSwitchedOnLater() {
        world.set("des", key);
        DomainError error =
                refused(spec("des", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true));
        assertThat(error.info().message()).contains("Automatic key rotation is not supported");
    }

    @Test
    void create_atRest_saysThatOnlyConfidentialSetsAreServed() {
        for (String type :
                new String[] {"EncryptionAtRestWithCustomerKey", "EncryptionAtRestWithPlatformAndCustomerKeys"}) {
            DomainError error = refused(spec(
                    "des",
                    Optional.of(IdentitySpec.SYSTEM_ASSIGNED),
                    Optional.of(type),
                    Optional.of(key.url()),
                    Optional.empty(),
                    false));
            assertThat(error.info().message()).contains("only confidential sets");
        }
    }

    @Test
    void create_withEverythingWrong_namesEveryField() {
        DomainError error = refused(spec(
                "a b",
                Optional.of(new IdentitySpec("Nobody", java.util.List.of())),
                Optional.of("Sometimes"),
                Optional.of("https://kv.vault.test/keys/cmk"),
                Optional.of("/somewhere"),
                true));
        assertThat(error.info().details())
                .extracting(ErrorInfo::target)
                .containsExactlyInAnyOrder(
                        Optional.of("name"),
                        Optional.of("properties.encryptionType"),
                        Optional.of("properties.rotationToLatestKeyVersionEnabled"),
                        Optional.of("properties.activeKey.keyUrl"),
                        Optional.of("properties.activeKey.sourceVault.id"),
                        Optional.of("identity.type"));
    }

    @Test
    void create_withTheVaultOfAnotherKey_isRefused() {
        ArmId other = World.id("Microsoft.KeyVault/vaults", "other");
        DomainError error = refused(spec(
                "des",
                Optional.of(IdentitySpec.SYSTEM_ASSIGNED),
                Optional.of("ConfidentialVmEncryptedWithCustomerKey"),
                Optional.of(key.url()),
                Optional.of(other.toString()),
                false));
        assertThat(error.info().message()).contains("names 'other'").contains("kv.vault.test");
    }

    @Test
    void update_withoutAKey_changesTagsAndIdentityAndLeavesTheKey() {
        world.set("des", key);
        ArmId user = World.id("Microsoft.ManagedIdentity/userAssignedIdentities", "who");
        var principal = world.identities.user(user);
        world.sets.save(World.WHO, keeping("des", Optional.of(IdentitySpec.userAssigned(user))), Precondition.NONE);
        DiskEncryptionSet changed = world.sets.get(World.WHO, id("des"));
        assertThat(changed.identity()).isEqualTo(new SetIdentity.UserAssigned(user, principal));
        assertThat(changed.head().tags()).containsEntry("k", "v");
        assertThat(changed.activeKey()).isEqualTo(key);
    }

    @Test
    void save_ofAnotherKey_rotates() {
        ArmId set = world.set("des", key);
        world.stoppedVm("a", Optional.of(set));
        KeyId next = world.vault.create(2);
        Accepted<SetView> accepted = world.sets.save(World.WHO, Specs.set(set, next), Precondition.NONE);
        assertThat(accepted.resource().set().head().state()).isEqualTo(ProvisioningState.UPDATING);
        assertThat(world.finish(accepted.operation()).status()).isEqualTo(OperationStatus.SUCCEEDED);
        assertThat(world.sets.get(World.WHO, set).activeKey()).isEqualTo(next);
        assertThat(world.sets.census(World.WHO, set).entries()).singleElement().satisfies(e -> {
            assertThat(e.key()).isEqualTo(next);
            assertThat(e.total()).isEqualTo(2);
        });
    }

    @Test
    void save_withAStaleETag_isRefused() {
        ArmId set = world.set("des", key);
        world.sets.save(World.WHO, keeping("des", Optional.empty()), Precondition.revision(1));
        DomainError error = World.refused(
                () -> world.sets.save(World.WHO, keeping("des", Optional.empty()), Precondition.revision(1)));
        assertThat(error).isInstanceOf(DomainError.PreconditionFailed.class);
        assertThat(world.sets.get(World.WHO, set).head().revision()).isEqualTo(2);
    }

    @Test
    void delete_whileInUse_isRefusedNamingEveryUser() {
        ArmId set = world.set("des", key);
        ArmId vm = world.vm("a", Optional.of(set));
        DomainError error = World.refused(() -> world.sets.delete(World.WHO, set, Precondition.NONE));
        assertThat(error.info().code()).isEqualTo("OperationNotAllowed");
        assertThat(error.info().details())
                .extracting(ErrorInfo::target)
                .contains(Optional.of(vm.toString()))
                .hasSize(2);
    }

    @Test
    void delete_ofAnUnusedSet_takesItsIdentityAlong() {
        ArmId set = world.set("des", key);
        assertThat(world.sets.delete(World.WHO, set, Precondition.NONE)).isPresent();
        assertThat(world.sets.delete(World.WHO, set, Precondition.NONE)).isEmpty();
        boolean principal =
                world.transactions.read(tx -> world.identities.of(tx, set)).isPresent();
        assertThat(principal).isFalse();
    }
}

package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.setId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.ClientSecret;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.identity.SigningKey;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultId;
import dev.keyturn.core.vault.VaultKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Principals, role assignments, signing keys and settings. */
abstract class IdentityStoresContract extends StoreContract {
    private static final UUID ROLE = UUID.randomUUID();

    @Test
    void aPrincipal_isFoundByEachOfItsNames() {
        Principal managed = principal(1, Optional.of(setId("Des1")));
        Principal service = principal(2, Optional.empty());
        run(tx -> List.of(managed, service)
                .forEach(p -> stores.principals().insert(tx, p).require("a fresh row")));

        assertThat(one(tx -> stores.principals().find(tx, managed.id()))).contains(managed);
        assertThat(one(tx -> stores.principals().findByAppId(tx, service.appId())))
                .contains(service);
        assertThat(one(tx -> stores.principals().findByResource(tx, setId("des1"))))
                .contains(managed);
        assertThat(many(tx -> stores.principals().page(tx, Optional.of(managed.id()), 9)))
                .containsExactly(service);
    }

    @Test
    void aPrincipal_whoseResourceOrAppIdIsTaken_isNotInserted() {
        Principal first = principal(1, Optional.of(setId("des1")));
        run(tx -> stores.principals().insert(tx, first).require("a fresh row"));

        assertThat(did(tx -> stores.principals().insert(tx, principal(2, Optional.of(setId("DES1"))))))
                .isFalse();
        assertThat(did(tx -> stores.principals()
                        .insert(
                                tx,
                                new Principal(
                                        principal(3, Optional.empty()).id(),
                                        first.appId(),
                                        "x",
                                        Optional.empty(),
                                        NOW))))
                .isFalse();
        assertThat(many(tx -> stores.principals().page(tx, Optional.empty(), 9)))
                .containsExactly(first);
    }

    @Test
    void secrets_goWithTheirPrincipal() {
        Principal service = principal(1, Optional.empty());
        ClientSecret young = secret(service, NOW.plusSeconds(2), Optional.of(NOW.plusSeconds(99)));
        ClientSecret old = secret(service, NOW, Optional.empty());
        run(tx -> {
            stores.principals().insert(tx, service).require("a fresh row");
            List.of(young, old).forEach(s -> stores.principals().insertSecret(tx, s));
        });

        assertThat(many(tx -> stores.principals().secrets(tx, service.id())))
                .usingRecursiveComparison()
                .isEqualTo(List.of(old, young));
        assertThat(did(tx -> stores.principals().deleteSecret(tx, service.id(), old.keyId())))
                .isTrue();
        assertThat(did(tx -> stores.principals().deleteSecret(tx, service.id(), old.keyId())))
                .isFalse();
        assertThat(did(tx -> stores.principals().delete(tx, service.id()))).isTrue();
        assertThat(did(tx -> stores.principals().delete(tx, service.id()))).isFalse();
        assertThat(many(tx -> stores.principals().secrets(tx, service.id()))).isEmpty();
        assertThatThrownBy(() -> run(tx -> stores.principals().insertSecret(tx, young)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void certificates_goWithTheirPrincipal() {
        Principal service = principal(1, Optional.empty());
        ClientCertificate one = new ClientCertificate(UUID.randomUUID(), service.id(), new byte[] {1, 2}, "one", NOW);
        ClientCertificate two =
                new ClientCertificate(UUID.randomUUID(), service.id(), new byte[] {3}, "two", NOW.plusSeconds(1));
        run(tx -> {
            stores.principals().insert(tx, service).require("a fresh row");
            List.of(two, one)
                    .forEach(c -> stores.principals().insertCertificate(tx, c).require("a fresh row"));
        });

        assertThat(many(tx -> stores.principals().certificates(tx, service.id())))
                .usingRecursiveComparison()
                .isEqualTo(List.of(one, two));
        assertThat(did(tx -> stores.principals().insertCertificate(tx, one))).isFalse();
        assertThat(did(tx -> stores.principals().deleteCertificate(tx, service.id(), one.keyId())))
                .isTrue();
        assertThat(did(tx -> stores.principals().deleteCertificate(tx, service.id(), one.keyId())))
                .isFalse();
        assertThat(did(tx -> stores.principals().delete(tx, service.id()))).isTrue();
        assertThat(many(tx -> stores.principals().certificates(tx, service.id())))
                .isEmpty();
    }

    @Test
    void anAssignment_isUniqueByNameAndByGrant() {
        RoleAssignment one = assignment("/subscriptions/S/resourceGroups/rg", 1);
        assertThat(insert(one)).isTrue();

        assertThat(insert(one)).isFalse();
        RoleAssignment sameGrant = new RoleAssignment(
                UUID.randomUUID(), one.scope(), ROLE, one.principal(), Optional.empty(), NOW, "admin", HolderKind.USER);
        assertThat(insert(sameGrant)).isFalse();
        assertThat(one(tx -> stores.roleAssignments().find(tx, one.scope(), one.name())))
                .contains(one);
        assertThat(one(tx -> stores.roleAssignments().find(tx, one.scope(), ROLE, one.principal())))
                .contains(one);
        assertThat(one(tx -> stores.roleAssignments().find(tx, new Scope("/subscriptions/s"), one.name())))
                .isEmpty();
    }

    @Test
    void held_andAt_areExactlyAtTheScopes_belowIsStrict() {
        RoleAssignment subscription = assignment("/subscriptions/s", 1);
        RoleAssignment group = assignment("/subscriptions/s/resourceGroups/rg", 1);
        RoleAssignment twinGroup = assignment("/subscriptions/s/resourceGroups/rg-2", 1);
        RoleAssignment someoneElse = assignment("/subscriptions/s/resourceGroups/rg", 2);
        List.of(subscription, group, twinGroup, someoneElse).forEach(this::insert);

        assertThat(many(tx -> stores.roleAssignments()
                        .held(tx, group.principal(), List.of(subscription.scope(), group.scope()))))
                .containsExactly(subscription, group);
        assertThat(many(tx -> stores.roleAssignments().at(tx, List.of(group.scope()))))
                .containsExactlyInAnyOrder(group, someoneElse);
        assertThat(many(tx -> stores.roleAssignments().at(tx, List.of()))).isEmpty();
        assertThat(many(tx -> stores.roleAssignments().below(tx, subscription.scope())))
                .containsExactlyInAnyOrder(group, someoneElse, twinGroup);
        assertThat(many(tx -> stores.roleAssignments().below(tx, group.scope())))
                .isEmpty();
    }

    @Test
    void deletes_ofAssignments_takeWhatTheyName() {
        RoleAssignment subscription = assignment("/subscriptions/s", 1);
        RoleAssignment group = assignment("/subscriptions/s/resourceGroups/rg", 1);
        RoleAssignment inside = assignment("/subscriptions/s/resourceGroups/rg/providers/a/b/c", 2);
        RoleAssignment twinGroup = assignment("/subscriptions/s/resourceGroups/rg-2", 2);
        List.of(subscription, group, inside, twinGroup).forEach(this::insert);

        run(tx -> stores.roleAssignments().deleteWithin(tx, group.scope()));
        assertThat(many(tx -> stores.roleAssignments().below(tx, subscription.scope())))
                .containsExactly(twinGroup);
        run(tx -> stores.roleAssignments().deleteOf(tx, twinGroup.principal()));
        assertThat(many(tx -> stores.roleAssignments().below(tx, subscription.scope())))
                .isEmpty();
        assertThat(did(tx -> stores.roleAssignments().delete(tx, subscription.scope(), subscription.name())))
                .isTrue();
        assertThat(did(tx -> stores.roleAssignments().delete(tx, subscription.scope(), subscription.name())))
                .isFalse();
    }

    @Test
    void deletionOfAGroup_leavesTheAssignmentsAtItsSoftDeletedVaults_andNoOthers() {
        ArmId group = ArmId.group(Samples.SUBSCRIPTION, "rg");
        run(tx -> stores.resources().insert(tx, Samples.head(group)).require("a fresh row"));
        String vaults = group + "/providers/Microsoft.KeyVault/vaults/";
        ArmId id = ArmId.parse(vaults + "Kv1").orElseThrow();
        Vault vault = new Vault(
                new VaultId(UUID.randomUUID()),
                VaultKind.VAULT,
                Samples.head(id),
                UUID.randomUUID(),
                "standard",
                true,
                false,
                90,
                List.of(),
                Optional.empty());
        run(tx -> stores.vaults().insert(tx, vault).require("a fresh row"));
        RoleAssignment atVault = assignment(vaults + "kv1", 1);
        RoleAssignment atKey = assignment(vaults + "KV1/keys/k", 2);
        List<RoleAssignment> others = List.of(
                assignment(group.toString(), 1),
                assignment(vaults + "kv", 1),
                assignment(vaults + "kv1x/keys/k", 2),
                assignment(group + "/providers/a/b/c", 3));
        List.of(atVault, atKey).forEach(this::insert);
        others.forEach(this::insert);
        RoleAssignment twin =
                assignment(ArmId.group(Samples.SUBSCRIPTION, "rg-2").toString(), 4);
        insert(twin);
        run(tx -> stores.vaults().softDelete(tx, vault.with(Optional.of(new Deletion(Samples.NOW, Samples.NOW)))));

        run(tx -> stores.resources().delete(tx, group).require(group));

        assertThat(many(tx -> stores.roleAssignments().below(tx, new Scope("/subscriptions/" + Samples.SUBSCRIPTION))))
                .containsExactlyInAnyOrder(atVault, atKey, twin);
    }

    @Test
    void signingKeys_neverLoseTheNewest() {
        SigningKey old = new SigningKey("k1", new byte[] {1}, NOW);
        SigningKey young = new SigningKey("k2", new byte[] {2}, NOW.plusSeconds(1));
        run(tx -> List.of(old, young).forEach(k -> stores.signingKeys().insert(tx, k)));

        assertThat(many(tx -> stores.signingKeys().all(tx)))
                .usingRecursiveComparison()
                .isEqualTo(List.of(young, old));
        run(tx -> stores.signingKeys().deleteCreatedBefore(tx, NOW.plusSeconds(500)));
        assertThat(many(tx -> stores.signingKeys().all(tx)))
                .extracting(SigningKey::kid)
                .containsExactly("k2");
    }

    @Test
    void settings_areWrittenOver() {
        run(tx -> stores.settings().put(tx, "tenant", "a"));
        run(tx -> stores.settings().put(tx, "tenant", "b"));

        assertThat(one(tx -> stores.settings().find(tx, "tenant"))).contains("b");
        assertThat(one(tx -> stores.settings().find(tx, "other"))).isEmpty();
    }

    private boolean insert(RoleAssignment assignment) {
        return did(tx -> stores.roleAssignments().insert(tx, assignment));
    }

    private static RoleAssignment assignment(String scope, int principal) {
        return new RoleAssignment(
                UUID.randomUUID(),
                new Scope(scope),
                ROLE,
                new PrincipalId(new UUID(0, principal)),
                Optional.of("why"),
                NOW,
                "admin",
                HolderKind.SERVICE_PRINCIPAL);
    }

    private static Principal principal(int number, Optional<ArmId> resource) {
        return new Principal(
                new PrincipalId(new UUID(number, 0)), UUID.randomUUID(), "principal " + number, resource, NOW);
    }

    private static ClientSecret secret(Principal principal, Instant created, Optional<Instant> expires) {
        return new ClientSecret(UUID.randomUUID(), principal.id(), new byte[] {1, 2}, "abc", "main", created, expires);
    }
}

package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.head;
import static dev.keyturn.store.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.key.Key;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultId;
import dev.keyturn.core.vault.VaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class VaultStoreContract extends StoreContract {
    private static final Deletion DELETION = new Deletion(NOW, NOW.plus(Duration.ofDays(7)));

    @Test
    void find_returnsWhatWasInserted() {
        Vault vault = inserted(vault("Kv1", VaultKind.VAULT));
        Vault hsm = inserted(vault("kv1", VaultKind.MANAGED_HSM));

        assertThat(one(tx -> stores.vaults().find(tx, vaultId("KV1")))).contains(vault);
        assertThat(one(tx -> stores.vaults().find(tx, vault.id()))).contains(vault);
        assertThat(one(tx -> stores.vaults().byName(tx, VaultKind.VAULT, "kV1")))
                .contains(vault);
        assertThat(one(tx -> stores.vaults().byName(tx, VaultKind.MANAGED_HSM, "KV1")))
                .contains(hsm);
        assertThat(one(tx -> stores.vaults().byName(tx, VaultKind.VAULT, "kv2")))
                .isEmpty();
    }

    @Test
    void insert_ofANameThatALiveOrDeletedOneHas_isRefused() {
        Vault vault = inserted(vault("kv1", VaultKind.VAULT));
        ArmId elsewhere = new ArmId(SUBSCRIPTION, "other-rg", VaultKind.VAULT.type(), "KV1");

        assertThat(insert(vault(elsewhere, VaultKind.VAULT))).isFalse();
        run(tx -> stores.vaults().softDelete(tx, vault.with(Optional.of(DELETION))));
        assertThat(insert(vault(elsewhere, VaultKind.VAULT))).isFalse();
        assertThat(one(tx -> stores.resources().find(tx, elsewhere))).isEmpty();
        run(tx -> stores.vaults().purge(tx, vault.id()));
        assertThat(insert(vault(elsewhere, VaultKind.VAULT))).isTrue();
    }

    @Test
    void update_isACompareAndSetOnTheRevision() {
        Vault vault = inserted(vault("kv1", VaultKind.VAULT));
        Vault next = vault.with(vault.resource().with(Map.of(), "{}", NOW)).with(List.of());

        assertThat(did(tx -> stores.vaults().update(tx, next))).isTrue();
        assertThat(did(tx -> stores.vaults().update(tx, next))).isFalse();
        assertThat(one(tx -> stores.vaults().find(tx, vault.id()))).contains(next);
    }

    @Test
    void aDeletedVault_leavesTheResourcesAndComesBackAsItWas() {
        Vault vault = inserted(vault("Kv1", VaultKind.VAULT));
        Vault deleted = vault.with(Optional.of(DELETION));
        run(tx -> stores.vaults().softDelete(tx, deleted));

        assertThat(one(tx -> stores.vaults().find(tx, vaultId("kv1")))).isEmpty();
        assertThat(one(tx -> stores.resources().find(tx, vaultId("kv1")))).isEmpty();
        assertThat(one(tx -> stores.vaults().find(tx, vault.id()))).contains(deleted);
        assertThat(one(tx -> stores.vaults().byName(tx, VaultKind.VAULT, "kv1")))
                .contains(deleted);
        assertThat(many(tx -> stores.vaults().deleted(tx, VaultKind.VAULT, SUBSCRIPTION, Optional.empty(), 9)))
                .containsExactly(deleted);
        assertThat(many(tx -> stores.vaults().deleted(tx, VaultKind.VAULT, SUBSCRIPTION, Optional.of("KV1"), 9)))
                .isEmpty();

        assertThat(did(tx -> stores.vaults().recover(tx, vault))).isTrue();
        assertThat(one(tx -> stores.vaults().find(tx, vaultId("kv1")))).contains(vault);
    }

    @Test
    void recover_whereTheIdIsTaken_changesNothing() {
        Vault vault = inserted(vault("kv1", VaultKind.VAULT));
        run(tx -> {
            stores.vaults().softDelete(tx, vault.with(Optional.of(DELETION)));
            stores.resources().insert(tx, head(vaultId("kv1"))).require("a fresh row");
        });

        assertThat(did(tx -> stores.vaults().recover(tx, vault))).isFalse();
        assertThat(one(tx -> stores.vaults().find(tx, vault.id())).orElseThrow().deleted())
                .isPresent();
    }

    @Test
    void purge_takesTheKeysAlong_andOnlyOfADeletedOne() {
        Vault vault = inserted(vault("kv1", VaultKind.VAULT));
        run(tx -> stores.keys()
                .insert(tx, new Key(vault.id(), "k", NOW, Optional.empty(), Optional.empty(), Optional.empty()))
                .require("a fresh row"));

        assertThatThrownBy(() -> run(tx -> stores.vaults().purge(tx, vault.id())))
                .isInstanceOf(IllegalStateException.class);
        run(tx -> stores.vaults().softDelete(tx, vault.with(Optional.of(DELETION))));
        run(tx -> stores.vaults().purge(tx, vault.id()));
        assertThat(one(tx -> stores.vaults().find(tx, vault.id()))).isEmpty();
        assertThat(one(tx -> stores.keys().find(tx, vault.id(), "k"))).isEmpty();
    }

    @Test
    void purgeDue_areThoseWhoseTimeHasCome() {
        Vault vault = inserted(vault("kv1", VaultKind.VAULT));
        run(tx -> stores.vaults().softDelete(tx, vault.with(Optional.of(DELETION))));

        assertThat(many(tx -> stores.vaults().purgeDue(tx, DELETION.purgeAt().minusMillis(1), 9)))
                .isEmpty();
        assertThat(many(tx -> stores.vaults().purgeDue(tx, DELETION.purgeAt(), 9)))
                .hasSize(1);
    }

    @Test
    void aLiveVaultsHead_cannotBeDeletedFromUnderIt() {
        inserted(vault("kv1", VaultKind.VAULT));

        assertThatThrownBy(() -> did(tx -> stores.resources().delete(tx, vaultId("kv1"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void page_hasTheKindAlone() {
        inserted(vault("b", VaultKind.VAULT));
        inserted(vault("a", VaultKind.VAULT));
        inserted(vault("c", VaultKind.MANAGED_HSM));

        assertThat(many(tx -> stores.vaults()
                        .page(tx, VaultKind.VAULT, SUBSCRIPTION, Optional.of("prod-rg"), Optional.empty(), 9)))
                .extracting(Vault::name)
                .containsExactly("a", "b");
    }

    private Vault inserted(Vault vault) {
        assertThat(insert(vault)).isTrue();
        return vault;
    }

    private boolean insert(Vault vault) {
        return did(tx -> stores.vaults().insert(tx, vault));
    }

    static ArmId vaultId(String name) {
        return id(VaultKind.VAULT.type(), name);
    }

    static Vault vault(String name, VaultKind kind) {
        return vault(id(kind.type(), name), kind);
    }

    private static Vault vault(ArmId id, VaultKind kind) {
        AccessPolicy policy = new AccessPolicy(
                UUID.randomUUID(),
                new PrincipalId(UUID.randomUUID()),
                Optional.of(UUID.randomUUID()),
                List.of("Get", "wrapKey"),
                List.of("all"),
                List.of(),
                List.of());
        return new Vault(
                new VaultId(UUID.randomUUID()),
                kind,
                head(id),
                UUID.randomUUID(),
                "premium",
                true,
                false,
                7,
                List.of(policy),
                Optional.empty());
    }
}

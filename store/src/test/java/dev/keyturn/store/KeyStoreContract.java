package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.key.Key;
import dev.keyturn.core.key.KeyAttributes;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.ReleasePolicy;
import dev.keyturn.core.key.RotationPolicy;
import dev.keyturn.core.key.RotationPolicy.Action;
import dev.keyturn.core.key.RotationPolicy.LifetimeAction;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class KeyStoreContract extends StoreContract {
    private static final Deletion DELETION = new Deletion(NOW, NOW.plus(Duration.ofDays(7)));
    private static final KeySpec RSA = new KeySpec.Rsa(3072, true);
    private static final PublicPart RSA_PUBLIC = new PublicPart.Rsa(new byte[] {1, 2}, new byte[] {3});
    private final Vault vault = VaultStoreContract.vault("kv1", VaultKind.VAULT);

    @BeforeEach
    void oneVault() {
        run(tx -> stores.vaults().insert(tx, vault).require("a fresh row"));
    }

    @Test
    void find_comparesNamesWithoutCase() {
        Key key = key("Cmk");
        assertThat(did(tx -> stores.keys().insert(tx, key))).isTrue();
        assertThat(did(tx -> stores.keys().insert(tx, key("CMK")))).isFalse();

        assertThat(one(tx -> stores.keys().find(tx, vault.id(), "cmK"))).contains(key);
        assertThat(one(tx -> stores.keys().find(tx, vault.id(), "other"))).isEmpty();
    }

    @Test
    void update_keepsPolicyNextRotationAndDeletion() {
        Key key = inserted("cmk");
        RotationPolicy policy = new RotationPolicy(
                List.of(
                        new LifetimeAction(Action.ROTATE, Optional.of(Period.ofDays(90)), Optional.empty()),
                        new LifetimeAction(Action.NOTIFY, Optional.empty(), Optional.of(Period.ofMonths(1)))),
                Optional.of(Period.ofYears(2)),
                NOW,
                NOW.plusSeconds(1));
        Key changed =
                key.with(Optional.of(policy), Optional.of(NOW.plusSeconds(60))).with(Optional.of(DELETION));

        run(tx -> stores.keys().update(tx, changed));

        assertThat(one(tx -> stores.keys().find(tx, vault.id(), "cmk"))).contains(changed);
        assertThatThrownBy(() -> run(tx -> stores.keys().update(tx, key("nobody"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void versions_ofEveryKind_comeBackAsTheyWere() {
        inserted("cmk");
        Optional<ReleasePolicy> policy =
                Optional.of(new ReleasePolicy(ReleasePolicy.DEFAULT_CONTENT_TYPE, "{}".getBytes(UTF_8), true));
        List<KeyVersion> all = List.of(
                version("cmk", 1, RSA, RSA_PUBLIC, policy),
                version(
                        "cmk",
                        2,
                        new KeySpec.Ec(Curve.P256K, false),
                        new PublicPart.Ec(Curve.P256K, new byte[] {0, 7}, new byte[] {8, 9}),
                        Optional.empty()),
                version("cmk", 3, new KeySpec.Oct(256), new PublicPart.None(), Optional.empty()));
        run(tx -> all.forEach(v -> stores.keys().insert(tx, v)));

        for (KeyVersion version : all) {
            assertThat(one(tx -> stores.keys().version(tx, vault.id(), "CMK", version.version())))
                    .get()
                    .usingRecursiveComparison()
                    .isEqualTo(version);
        }
        assertThat(one(tx -> stores.keys().latest(tx, vault.id(), "cmk")).map(KeyVersion::sequence))
                .contains(3L);
        assertThat(many(tx -> stores.keys()
                        .versions(tx, vault.id(), "cmk", Optional.of(all.get(0).version()), 1)))
                .extracting(KeyVersion::sequence)
                .containsExactly(2L);
        assertThatThrownBy(() -> run(tx -> stores.keys().insert(tx, all.getFirst())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void update_ofAVersion_replacesWhatMayChange() {
        inserted("cmk");
        KeyVersion version = version("cmk", 1, RSA, RSA_PUBLIC, Optional.empty());
        run(tx -> stores.keys().insert(tx, version));
        KeyVersion changed = version.with(
                Set.of(KeyOperation.UNWRAP_KEY),
                new KeyAttributes(
                        false, Optional.of(NOW), Optional.of(NOW.plusSeconds(9)), true, NOW, NOW.plusSeconds(1)),
                Map.of(),
                Optional.of(new ReleasePolicy("application/json", new byte[] {5}, false)));

        run(tx -> stores.keys().update(tx, changed));

        assertThat(one(tx -> stores.keys().version(tx, vault.id(), "cmk", version.version())))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(changed);
        KeyVersion nobody = version("cmk", 2, RSA, RSA_PUBLIC, Optional.empty());
        assertThatThrownBy(() -> run(tx -> stores.keys().update(tx, nobody))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void page_showsEachKeyWithItsLatestVersion() {
        for (String name : List.of("Bravo", "alpha", "charlie")) {
            inserted(name);
            run(tx -> stores.keys().insert(tx, version(name, 1, RSA, RSA_PUBLIC, Optional.empty())));
            run(tx -> stores.keys().insert(tx, version(name, 2, RSA, RSA_PUBLIC, Optional.empty())));
        }
        run(tx -> stores.keys().update(tx, key("charlie").with(Optional.of(DELETION))));

        assertThat(many(tx -> stores.keys().page(tx, vault.id(), false, Optional.empty(), 9)))
                .extracting(e -> e.key().name() + e.latest().sequence())
                .containsExactly("alpha2", "Bravo2");
        assertThat(many(tx -> stores.keys().page(tx, vault.id(), false, Optional.of("ALPHA"), 9)))
                .extracting(e -> e.key().name())
                .containsExactly("Bravo");
        assertThat(many(tx -> stores.keys().page(tx, vault.id(), true, Optional.empty(), 9)))
                .extracting(e -> e.key().name())
                .containsExactly("charlie");
        assertThat(count(tx -> stores.keys().count(tx, vault.id()))).isEqualTo(2);
    }

    @Test
    void purge_deletesKeyAndVersions() {
        inserted("cmk");
        KeyVersion version = version("cmk", 1, RSA, RSA_PUBLIC, Optional.empty());
        run(tx -> stores.keys().insert(tx, version));

        run(tx -> stores.keys().purge(tx, vault.id(), "CMK"));

        assertThat(one(tx -> stores.keys().find(tx, vault.id(), "cmk"))).isEmpty();
        assertThat(one(tx -> stores.keys().version(tx, vault.id(), "cmk", version.version())))
                .isEmpty();
    }

    @Test
    void due_keysAreThoseWhoseTimeHasCome() {
        due("late", NOW, Optional.empty());
        due("later", NOW.minusSeconds(5), Optional.empty());
        due("future", NOW.plusSeconds(5), Optional.empty());
        due("deleted", NOW, Optional.of(DELETION));

        assertThat(many(tx -> stores.keys().rotationDue(tx, NOW, 9)))
                .extracting(Key::name)
                .containsExactly("later", "late");
        assertThat(many(tx -> stores.keys().purgeDue(tx, DELETION.purgeAt(), 9)))
                .extracting(Key::name)
                .containsExactly("deleted");
        assertThat(many(tx -> stores.keys().purgeDue(tx, NOW, 9))).isEmpty();
        run(tx -> stores.vaults().softDelete(tx, vault.with(Optional.of(DELETION))));
        assertThat(many(tx -> stores.keys().rotationDue(tx, NOW, 9))).isEmpty();
    }

    private void due(String name, Instant nextRotation, Optional<Deletion> deleted) {
        Key key = inserted(name);
        run(tx -> stores.keys()
                .update(
                        tx,
                        key.with(Optional.empty(), Optional.of(nextRotation)).with(deleted)));
    }

    private Key inserted(String name) {
        Key key = key(name);
        run(tx -> stores.keys().insert(tx, key).require("a fresh row"));
        return key;
    }

    private Key key(String name) {
        return new Key(vault.id(), name, NOW, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private KeyVersion version(
            String name, long sequence, KeySpec spec, PublicPart publicPart, Optional<ReleasePolicy> policy) {
        return new KeyVersion(
                vault.id(),
                name,
                "%032x".formatted(sequence),
                sequence,
                spec,
                publicPart,
                "software",
                new byte[] {42},
                Set.of(KeyOperation.WRAP_KEY, KeyOperation.UNWRAP_KEY),
                new KeyAttributes(
                        true, Optional.empty(), Optional.of(NOW.plusSeconds(1)), policy.isPresent(), NOW, NOW),
                Map.of("a", "b"),
                policy);
    }
}

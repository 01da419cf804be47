package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.key;
import static dev.keyturn.store.Samples.platformKey;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.setKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class SetKeyStoreContract extends StoreContract {
    private SetKey.Customer first;

    @BeforeEach
    void oneSetWithItsKey() {
        first = write(tx -> samples.insertSet(tx, "des1"));
    }

    @Test
    void find_byIdAndBySetAndKeyVersion() {
        assertThat(one(tx -> stores.setKeys().find(tx, first.id())))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(first);
        KeyId shouted = new KeyId(first.key().authority(), "cmk", first.key().version());
        assertThat(one(tx -> stores.setKeys().find(tx, setId("DES1"), shouted)).map(SetKey.Customer::id))
                .contains(first.id());
        assertThat(one(tx -> stores.setKeys().find(tx, setId("des1"), key("CMK", 2))))
                .isEmpty();
        assertThat(one(tx -> stores.setKeys().find(tx, new SetKeyId(UUID.randomUUID()))))
                .isEmpty();
    }

    @Test
    void insert_ofASecondForTheSameSetAndVersion_isRefused() {
        SetKey.Customer twin = setKey(setId("des1"), key("cmk", 1));

        assertThatThrownBy(() -> run(tx -> stores.setKeys().insert(tx, twin)))
                .isInstanceOf(IllegalStateException.class);
        run(tx -> samples.insertSet(tx, "des2"));
    }

    @Test
    void platform_thereIsOne() {
        assertThat(one(tx -> stores.setKeys().platform(tx))).isEmpty();
        SetKey.Platform platform = platformKey();
        run(tx -> stores.setKeys().insert(tx, platform));

        assertThat(one(tx -> stores.setKeys().platform(tx)))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(platform);
        assertThat(one(tx -> stores.setKeys().find(tx, platform.id())))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(platform);
        assertThatThrownBy(() -> run(tx -> stores.setKeys().insert(tx, platformKey())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void inUse_areThoseThatAnArtifactIsUnder_oldestFirst() {
        SetKey.Customer younger = new SetKey.Customer(
                new SetKeyId(UUID.randomUUID()), setId("des1"), key("CMK", 2), new byte[] {5}, NOW.plusSeconds(9));
        assertThat(many(tx -> stores.setKeys().inUse(tx, setId("des1")))).isEmpty();
        run(tx -> {
            stores.setKeys().insert(tx, younger);
            samples.insertVm(tx, "web1", younger);
        });

        assertThat(many(tx -> stores.setKeys().inUse(tx, setId("des1"))))
                .extracting(SetKey.Customer::id)
                .containsExactly(younger.id());
        run(tx -> samples.insertVm(tx, "web2", first));
        assertThat(many(tx -> stores.setKeys().inUse(tx, setId("des1"))))
                .extracting(SetKey.Customer::id)
                .containsExactly(first.id(), younger.id());
        assertThat(inUse(key("cmk", 2))).isTrue();
        assertThat(inUse(key("cmk", 3))).isFalse();
    }

    @Test
    void inUse_whileARotationMayPutArtifactsUnderIt() {
        run(tx -> stores.setKeys().insert(tx, setKey(setId("des1"), key("CMK", 2))));
        assertThat(inUse(key("cmk", 2))).isFalse();

        rotating(Optional.of(new OperationId(UUID.randomUUID())));
        assertThat(inUse(key("cmk", 2))).isTrue();

        rotating(Optional.empty());
        assertThat(inUse(key("cmk", 2))).isFalse();
    }

    @Test
    void inUse_ofAKeyInTheSameVaultUnderAnotherDomain_stays() {
        KeyId used = KeyId.parse("https://kv1.vault.old.example/keys/cmk/" + "a".repeat(32))
                .orElseThrow();
        SetKey.Customer setKey = setKey(setId("des1"), used);
        run(tx -> {
            stores.setKeys().insert(tx, setKey);
            samples.insertVm(tx, "web1", setKey);
        });

        assertThat(inUse(new KeyId("kv1.vault.new.example:8443", "cmk", used.version())))
                .isTrue();
        assertThat(inUse(new KeyId("kv2.vault.old.example", "cmk", used.version())))
                .isFalse();
        assertThat(inUse(new KeyId("kv1.managedhsm.old.example", "cmk", used.version())))
                .isFalse();
        assertThat(inUse(new KeyId("kv1.vault.old.example", "cmk2", used.version())))
                .isFalse();
    }

    private void rotating(Optional<OperationId> rotation) {
        run(tx -> {
            DiskEncryptionSet set = stores.diskSets().find(tx, setId("des1")).orElseThrow();
            boolean stored = stores.diskSets()
                    .update(
                            tx,
                            new DiskEncryptionSet(
                                    set.head().in(set.head().state(), NOW),
                                    set.activeKey(),
                                    set.sourceVault(),
                                    set.identity(),
                                    rotation,
                                    set.lastRotatedAt(),
                                    set.lastRotationError(),
                                    set.keyLostAt()))
                    .hit();
            assertThat(stored).isTrue();
        });
    }

    @Test
    void deleteUnused_keepsWhatIsUsedAndWhatIsToBeKept() {
        SetKey.Customer used = setKey(setId("des1"), key("CMK", 2));
        SetKey.Customer kept = setKey(setId("des1"), key("CMK", 3));
        run(tx -> {
            List.of(used, kept).forEach(k -> stores.setKeys().insert(tx, k));
            samples.insertVm(tx, "web1", used);
            samples.insertSet(tx, "des2");
        });

        run(tx -> stores.setKeys().deleteUnused(tx, setId("des1"), Optional.of(kept.id())));

        assertThat(one(tx -> stores.setKeys().find(tx, first.id()))).isEmpty();
        assertThat(one(tx -> stores.setKeys().find(tx, used.id()))).isPresent();
        assertThat(one(tx -> stores.setKeys().find(tx, kept.id()))).isPresent();
        run(tx -> stores.setKeys().deleteUnused(tx, setId("des1"), Optional.empty()));
        assertThat(one(tx -> stores.setKeys().find(tx, kept.id()))).isEmpty();
        assertThat(one(tx -> stores.setKeys().find(tx, used.id()))).isPresent();
    }

    private boolean inUse(KeyId key) {
        return transactions().<Boolean>read(tx -> stores.setKeys().inUse(tx, key));
    }
}

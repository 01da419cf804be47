package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.vault.VaultKind;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A managed HSM keeps its keys in a device, vaults keep theirs in software. */
class BackendsByKindTest {
    private static final String RSA_HSM = "{\"kty\":\"RSA-HSM\",\"key_size\":2048}";

    @TempDir
    Path directory;

    private final WatchedBackend software = new WatchedBackend();
    private final WatchedBackend device = new WatchedBackend();
    private Optional<KeyVaultRig> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(KeyVaultRig::close);
    }

    private KeyVaultRig rig(boolean vaultsCanMake) {
        device.name = Optional.of("device");
        KeyVaultRig rig = new KeyVaultRig(
                directory,
                real -> {
                    KeyBackend hsm = device.around(real);
                    KeyBackend vault = software.around(real);
                    return vaultsCanMake
                            ? new KeyBackends(Map.of(VaultKind.MANAGED_HSM, hsm, VaultKind.VAULT, vault), List.of())
                            : new KeyBackends(Map.of(VaultKind.MANAGED_HSM, hsm), List.of(vault));
                },
                a -> a);
        open = Optional.of(rig);
        rig.makeVault(false);
        rig.makeHsm();
        return rig;
    }

    @Test
    void keys_areMadeRotatedAndUsedInTheBackendOfTheirKind() {
        KeyVaultRig rig = rig(true);
        expect(200, rig.hsm("POST", "/keys/k/create", RSA_HSM));
        expect(200, rig.hsm("POST", "/keys/k/rotate", ""));
        expect(200, rig.hsm("POST", "/rng", "{\"count\":16}"));
        expect(200, rig.hsm("POST", "/keys/k/encrypt", "{\"alg\":\"RSA-OAEP-256\",\"value\":\"AAAA\"}"));
        assertThat(device.calls)
                .contains("generate", "random", "encrypt")
                .filteredOn("generate"::equals)
                .hasSize(2);
        assertThat(software.calls).doesNotContain("generate", "random", "encrypt");

        expect(200, rig.vault("POST", "/keys/k/create", RSA_HSM));
        assertThat(software.calls).contains("generate");
        assertThat(device.calls).filteredOn("generate"::equals).hasSize(2);
    }

    @Test
    void aKindWithoutABackend_makesNoKey_andSaysSo() {
        KeyVaultRig rig = rig(false);
        assertThat(KeyVaultRig.refusal(400, rig.vault("POST", "/keys/k/create", RSA_HSM)))
                .isEqualTo("BadParameter");
        expect(200, rig.hsm("POST", "/keys/k/create", RSA_HSM));
    }

    @Test
    void twoBackendsOfOneName_areRefused() {
        assertThatThrownBy(() -> new KeyBackends(
                        Map.of(VaultKind.VAULT, named("device"), VaultKind.MANAGED_HSM, named("device")), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device");
    }

    private static KeyBackend named(String name) {
        WatchedBackend backend = new WatchedBackend();
        backend.name = Optional.of(name);
        return backend.around((KeyBackend) Proxy.newProxyInstance(
                KeyBackend.class.getClassLoader(), new Class<?>[] {KeyBackend.class}, (_, _, _) -> {
                    throw new UnsupportedOperationException();
                }));
    }
}

package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.KeyId;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of deleted vaults. */
class DeletedVaultTest {
    private static final String ONE = KeyVaultRig.VAULTS + "/v-one";
    private static final String PROVIDER = "/subscriptions/" + KeyVaultRig.SUB + "/providers/Microsoft.KeyVault/";
    private static final String DELETED = PROVIDER + "locations/westeurope/deletedVaults/v-one";

    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void delete_thenRecover_bringsBackKeysAndAccess() {
        rig.makeVault(true);
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        ObjectNode key = expect(200, rig.vault("GET", "/keys/k", ""));
        ObjectNode before = expect(200, rig.arm("GET", ONE, ""));

        expect(200, rig.arm("DELETE", ONE, ""));
        expect(204, rig.arm("DELETE", ONE, ""));
        assertThat(refusal(404, rig.arm("GET", ONE, ""))).isEqualTo("ResourceNotFound");
        assertThat(refusal(404, rig.vault("GET", "/keys/k", ""))).isEqualTo("VaultNotFound");
        ObjectNode deleted = expect(200, rig.arm("GET", DELETED, ""));
        assertThat(deleted.path("properties").path("vaultId").asString()).isEqualTo(ONE);
        assertThat(expect(200, rig.arm("GET", PROVIDER + "deletedVaults", ""))
                        .path("value")
                        .get(0))
                .isEqualTo(deleted);
        assertThat(refusal(404, rig.arm("GET", DELETED.replace("westeurope", "eastus"), "")))
                .isEqualTo("DeletedVaultNotFound");

        ObjectNode back = expect(
                200,
                rig.arm(
                        "PUT",
                        ONE,
                        "{\"location\":\"westeurope\",\"properties\":{\"tenantId\":\"" + KeyVaultRig.TENANT
                                + "\",\"createMode\":\"recover\"}}"));
        assertThat(back).isEqualTo(before);
        assertThat(expect(200, rig.vault("GET", "/keys/k", ""))).isEqualTo(key);
        assertThat(refusal(404, rig.arm("GET", DELETED, ""))).isEqualTo("DeletedVaultNotFound");
    }

    @Test
    void purge_underPurgeProtection_isRefusedUntilTheRetentionEnds() {
        rig.makeVault(true);
        expect(200, rig.arm("DELETE", ONE, ""));

        assertThat(refusal(400, rig.arm("POST", DELETED + "/purge", ""))).isEqualTo("MethodNotAllowed");

        rig.clock.advance(Duration.ofDays(90));
        assertThat(rig.deletedVaults.purgeDue(rig.clock.instant())).isEqualTo(1);
        assertThat(refusal(404, rig.arm("GET", DELETED, ""))).isEqualTo("DeletedVaultNotFound");
    }

    @Test
    void purge_ofAManagedHsm_isAcceptedAndPolled_becauseAzureCliTakesNothingElse() {
        rig.makeHsm();
        expect(200, rig.arm("DELETE", KeyVaultRig.HSMS + "/h-one", ""));
        String one = PROVIDER + "locations/westeurope/deletedManagedHSMs/h-one";
        assertThat(rig.arm("GET", one + "/purge", "").status()).isEqualTo(202);

        Response accepted = rig.arm("POST", one + "/purge", "");

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.headers()).containsKey("Retry-After");
        String address = accepted.headers().getOrDefault("Location", "");
        assertThat(address).matches("https://[^/]+" + one + "/purge\\?api-version=.+");
        Response done = rig.arm("GET", address.substring(address.indexOf("/", "https://".length())), "");
        assertThat(done.status()).isEqualTo(200);
        assertThat(rig.arm("GET", one, "").status()).isEqualTo(404);
    }

    @Test
    void purge_leavesNoGrantThatANewVaultOfTheNameWouldInherit() {
        rig.makeVault(false);
        rig.grant("user", ONE, dev.keyturn.core.identity.Roles.KEY_VAULT_CRYPTO_OFFICER);
        expect(200, rig.as("user@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys", ""));
        expect(200, rig.arm("DELETE", ONE, ""));
        expect(200, rig.arm("POST", DELETED + "/purge", ""));

        rig.makeVault(false);

        assertThat(refusal(403, rig.as("user@vault", KeyVaultRig.VAULT_HOST, "GET", "/keys", "")))
                .isEqualTo("Forbidden/ForbiddenByRbac");
        assertThat(expect(200, rig.vault("GET", "/keys", "")).path("value").size())
                .isZero();
    }

    @Test
    void purge_ofAKey_leavesNoGrantThatALaterKeyOfTheNameWouldInherit_butItsRecoveryHasThem() {
        rig.makeVault(false);
        rig.makeHsm();
        for (boolean hsm : new boolean[] {false, true}) {
            String scope = hsm ? "/hsm/h-one/keys/k" : ONE + "/keys/k";
            String host = hsm ? KeyVaultRig.HSM_HOST : KeyVaultRig.VAULT_HOST;
            String user = hsm ? "user@hsm" : "user@vault";
            String owner = hsm ? "owner@hsm" : "owner@vault";
            if (hsm) {
                rig.grant("owner", "/hsm/h-one", dev.keyturn.core.identity.HsmRoles.CRYPTO_OFFICER);
            }
            String make = hsm ? "{\"kty\":\"EC-HSM\"}" : "{\"kty\":\"EC\"}";
            expect(200, rig.as(owner, host, "POST", "/keys/k/create", make));
            rig.grant(
                    "user",
                    scope,
                    hsm
                            ? dev.keyturn.core.identity.HsmRoles.CRYPTO_USER
                            : dev.keyturn.core.identity.Roles.KEY_VAULT_CRYPTO_OFFICER);
            expect(200, rig.as(owner, host, "DELETE", "/keys/k", ""));
            expect(200, rig.as(owner, host, "POST", "/deletedkeys/k/recover", ""));
            expect(200, rig.as(user, host, "GET", "/keys/k", ""));
            expect(200, rig.as(owner, host, "DELETE", "/keys/k", ""));
            expect(204, rig.as(owner, host, "DELETE", "/deletedkeys/k", ""));

            expect(200, rig.as(owner, host, "POST", "/keys/k/create", make));

            assertThat(refusal(403, rig.as(user, host, "GET", "/keys/k", ""))).startsWith("Forbidden");
        }
    }

    @Test
    void deleteAndPurge_ofAVaultThatArtifactsAreUnder_needTheOverride() {
        rig.makeVault(false);
        String kid = expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA\"}"))
                .path("key")
                .path("kid")
                .asString();
        rig.inUse.keys.add(KeyId.parse(kid).orElseThrow());

        assertThat(refusal(409, rig.arm("DELETE", ONE, ""))).isEqualTo("VaultInUse");
        expect(200, rig.arm("DELETE", ONE + "?keyturnOverride=true", ""));
        assertThat(refusal(409, rig.arm("POST", DELETED + "/purge", ""))).isEqualTo("VaultInUse");
        rig.clock.advance(Duration.ofDays(100));
        assertThat(rig.deletedVaults.purgeDue(rig.clock.instant())).isZero();
        expect(200, rig.arm("POST", DELETED + "/purge?keyturnOverride=true", ""));
    }
}

package dev.keyturn.server.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChallengeTest {
    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
        rig.makeHsm();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void request_withoutToken_getsTheChallengeBeforeAnythingIsLookedAt() {
        for (String target : new String[] {
            "/keys/k/create", "/keys/k/create?api-version=", "/no/such/path", "/secrets/s", "/keys/!!/create"
        }) {
            Response response = rig.as("", KeyVaultRig.VAULT_HOST, "POST", target, "{not json");

            assertThat(KeyVaultRig.refusal(401, response)).as(target).isEqualTo("Unauthorized");
            assertThat(KeyVaultRig.message(response)).isEqualTo("AKV10000: Request is missing a Bearer or PoP token.");
            assertThat(response.headers().get("WWW-Authenticate"))
                    .isEqualTo("Bearer authorization=\"https://keyturn.test:8443/" + KeyVaultRig.TENANT
                            + "\", resource=\"https://vault.keyturn.test:8443\"");
        }
    }

    @Test
    void challenge_namesTheHostThatTheClientCalledWithoutItsFirstLabel() {
        assertThat(rig.as("", KeyVaultRig.HSM_HOST, "GET", "/keys", "")
                        .headers()
                        .get("WWW-Authenticate"))
                .endsWith("resource=\"https://managedhsm.keyturn.test:8443\"");
        assertThat(rig.as("", "v-one.vault.keyturn.test", "GET", "/keys", "")
                        .headers()
                        .get("WWW-Authenticate"))
                .endsWith("resource=\"https://vault.keyturn.test\"");
        assertThat(rig.as("", "unheard-of.vault.keyturn.test", "GET", "/keys", "")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void token_forAnotherAudience_isRefused() {
        for (String token : new String[] {"owner@arm", "owner@hsm"}) {
            Response response = rig.as(token, KeyVaultRig.VAULT_HOST, "GET", "/keys", "");

            assertThat(KeyVaultRig.refusal(401, response)).isEqualTo("Unauthorized");
            assertThat(response.headers()).containsKey("WWW-Authenticate");
        }
        assertThat(rig.as("owner@vault", KeyVaultRig.HSM_HOST, "GET", "/keys", "")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void apiVersion_missingIsRefused_andKnownOrNewerIsTaken() {
        assertThat(KeyVaultRig.refusal(400, rig.vault("GET", "/keys?api-version=", "")))
                .isEqualTo("MissingApiVersionParameter");
        assertThat(KeyVaultRig.refusal(400, rig.vault("GET", "/keys?api-version=latest", "")))
                .isEqualTo("InvalidApiVersionParameter");
        for (String version : new String[] {"7.0", "7.4", "7.4-preview.1", "7.5", "7.6", "2025-07-01"}) {
            assertThat(rig.vault("GET", "/keys?api-version=" + version, "").status())
                    .as(version)
                    .isEqualTo(200);
        }
    }

    @Test
    void whatIsNotServed_isSaidSo() {
        assertThat(KeyVaultRig.refusal(404, rig.vault("GET", "/secrets/s", ""))).isEqualTo("NotSupported");
        assertThat(KeyVaultRig.refusal(404, rig.vault("GET", "/certificates", "")))
                .isEqualTo("NotSupported");
        assertThat(KeyVaultRig.refusal(404, rig.vault("POST", "/rng", "{\"count\":1}")))
                .isEqualTo("NotFound");
        Response wrongMethod = rig.vault("POST", "/keys", "");
        assertThat(KeyVaultRig.refusal(405, wrongMethod)).isEqualTo("MethodNotAllowed");
        assertThat(wrongMethod.headers().get("Allow")).isEqualTo("GET");
        assertThat(KeyVaultRig.refusal(404, rig.as("owner@vault", "none.vault.keyturn.test:8443", "GET", "/keys", "")))
                .isEqualTo("VaultNotFound");
    }
}

package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.cli.client.ClientEnv;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who may not: no token, one that is not genuine, one for somebody else, no role. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {
    private final ServerProcess server = ServerProcess.shared();
    private final ClientEnv env = server.env();
    private final Http http = new Http(env);
    private final Ground ground = Ground.on(server, "access");

    @AfterAll
    void close() {
        ground.close();
    }

    private Http.Reply groups(Optional<String> authorization) {
        return http.request(
                "GET",
                env.server() + "/subscriptions/" + env.subscription() + "/resourcegroups?api-version=2021-04-01",
                authorization,
                "",
                Map.of());
    }

    private Http.Reply keys(Optional<String> authorization) {
        return http.request(
                "GET", "https://" + ground.vaultHost() + "/keys?api-version=7.5", authorization, "", Map.of());
    }

    @Test
    void withoutAToken_nothingIsAnswered() {
        assertThat(groups(Optional.empty()).status()).isEqualTo(401);
        assertThat(groups(Optional.empty()).code()).isEqualTo("AuthenticationFailed");
        assertThat(keys(Optional.empty()).text("error.message"))
                .isEqualTo("AKV10000: Request is missing a Bearer or PoP token.");
    }

    @Test
    void aTokenWhoseSignatureWasTouched_isRefused() {
        String token = http.bearer(env.server() + "/arm");
        int at = token.lastIndexOf('.') + 10;
        String forged = token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);

        assertThat(groups(Optional.of(token)).status()).isEqualTo(200);
        assertThat(groups(Optional.of(forged)).status()).isEqualTo(401);
        assertThat(groups(Optional.of(forged)).code()).isEqualTo("InvalidAuthenticationToken");
    }

    @Test
    void aTokenWithoutASignature_isRefused() {
        String payload = http.bearer(env.server() + "/arm").split("\\.")[1];
        // {"alg":"none"}
        assertThat(groups(Optional.of("Bearer eyJhbGciOiJub25lIn0." + payload + "."))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTokenForAVault_isWorthNothingAtArm_andTheReverse() {
        String vault = http.bearer(
                "https://" + ground.vaultHost().substring(ground.vaultHost().indexOf('.') + 1));
        String arm = http.bearer(env.server() + "/arm");

        assertThat(keys(Optional.of(vault)).status()).isEqualTo(200);
        assertThat(groups(Optional.of(vault)).status()).isEqualTo(401);
        assertThat(keys(Optional.of(arm)).status()).isEqualTo(401);
    }

    @Test
    void withoutADataPlaneRole_keysAreForbidden_evenToTheOwnerOfTheSubscription() {
        ground.api()
                .arm(
                        "PUT",
                        ground.groupPath() + "/providers/Microsoft.KeyVault/vaults/access-closed",
                        "2023-07-01",
                        Ground.body("""
                {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                "enableRbacAuthorization":true,"enablePurgeProtection":true}}""".formatted(env.tenant())));

        Http.Reply reply = http.keys("GET", env.vaultHost("access-closed"), "/keys?api-version=7.5", "");
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("Forbidden");
        assertThat(reply.text("error.innererror.code")).isEqualTo("ForbiddenByRbac");
    }

    @Test
    void aWrongSecret_getsNoToken_andTheAnswerDoesNotRepeatIt() {
        Http.Reply reply = http.token(
                "/" + env.tenant() + "/oauth2/v2.0/token",
                "grant_type=client_credentials&client_id=" + env.clientId()
                        + "&client_secret=not-the-secret&scope=https%3A%2F%2Fmanagement.azure.com%2F.default");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text("error")).isEqualTo("invalid_client");
        assertThat(reply.text()).doesNotContain("not-the-secret");
    }

    @Test
    void aSetWhoseIdentityHasNoRole_cannotCarryAVm_andTheErrorNamesTheKey() {
        String kid = ground.newKey("unreachable");
        ground.api().armToEnd("PUT", ground.setPath("poor"), "2024-03-02", Ground.body("""
                {"location":"westeurope","identity":{"type":"SystemAssigned"},"properties":{
                "encryptionType":"ConfidentialVmEncryptedWithCustomerKey","activeKey":{"keyUrl":"%s"}}}""".formatted(kid)));

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ground.newVm("poor-vm", "poor")))
                .isInstanceOf(dev.keyturn.cli.client.RefusedException.class)
                .hasMessageContaining("KeyVaultAccessForbidden")
                .hasMessageContaining("unreachable");
    }
}

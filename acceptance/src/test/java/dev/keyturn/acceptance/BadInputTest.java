package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every wrong request gets a 4xx in Azure's error shape that names what is wrong; nothing half-done is left. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private final ServerProcess server = ServerProcess.shared();
    private final Http http = new Http(server.env());
    private final Ground ground = Ground.on(server, "badinput");
    private String kid = "";

    @BeforeAll
    void keyAndSet() {
        kid = ground.newKey("k");
        ground.newSet("set", kid);
    }

    @AfterAll
    void close() {
        ground.close();
    }

    private Http.Reply put(String set, String properties) {
        return http.subscription("PUT", ground.setPath(set), """
                {"location":"westeurope","identity":{"type":"SystemAssigned"},"properties":{%s}}""".formatted(properties.replace("$KID", kid)));
    }

    private static void isRefusal(Http.Reply reply, String mention) {
        assertThat(reply.status()).as(reply.text()).isBetween(400, 499);
        assertThat(reply.code()).as(reply.text()).isNotEmpty();
        assertThat(reply.text("error.message")).as(reply.text()).isNotEmpty();
        assertThat(reply.text()).contains(mention).doesNotContain("Exception", "dev.keyturn", "\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"activeKey\":{}                                                       | properties.activeKey.keyUrl",
                "\"activeKey\":\"key\"                                                  | properties.activeKey",
                "\"activeKey\":{\"keyUrl\":7}                                           | properties.activeKey.keyUrl",
                "\"activeKey\":{\"keyUrl\":\"https://elsewhere.example/keys/k\"}        | keyUrl",
                "\"activeKey\":{\"keyUrl\":\"not a url\"}                               | keyUrl",
                "\"encryptionType\":\"Best\",\"activeKey\":{\"keyUrl\":\"$KID\"}        | encryptionType",
                "\"encryptionType\":\"EncryptionAtRestWithCustomerKey\",\"activeKey\":{\"keyUrl\":\"$KID\"} | confidential",
                "\"encryptionType\":\"ConfidentialVmEncryptedWithCustomerKey\",\"rotationToLatestKeyVersionEnabled\":true,\"activeKey\":{\"keyUrl\":\"$KID\"} | rotationToLatestKeyVersionEnabled",
            })
    void aWrongSet_isRefused_andNotMade(String properties, String mention) {
        isRefusal(put("never", properties), mention);
        assertThat(http.subscription("GET", ground.setPath("never"), "").status())
                .isEqualTo(404);
    }

    @Test
    void aBodyThatIsNotJson_isRefusedWithWhereItIsWrong() {
        isRefusal(http.subscription("PUT", ground.setPath("never"), "{\"location\":"), "line 1");
        isRefusal(http.subscription("PUT", ground.setPath("never"), "[1,2]"), "JSON object");
        isRefusal(http.subscription("PUT", ground.setPath("never"), "{\"a\":1,\"a\":2}"), "JSON");
        isRefusal(http.subscription("PUT", ground.setPath("never"), "[".repeat(10_000)), "JSON");
    }

    @Test
    void allWrongFields_areNamedAtOnce() {
        Http.Reply reply = http.subscription("PUT", ground.vmPath("never"), """
                {"location":"westeurope","properties":{"securityProfile":{"securityType":"ConfidentialVM","uefiSettings":
                {"vTpmEnabled":"yes"}},"storageProfile":{"osDisk":{"createOption":"FromImage","diskSizeGB":"big"}}}}""");
        isRefusal(reply, "vTpmEnabled");
        assertThat(reply.text()).contains("diskSizeGB");
        assertThat(http.subscription("GET", ground.vmPath("never"), "").status())
                .isEqualTo(404);
    }

    @Test
    void anOversizedBody_isRefused() {
        Http.Reply reply = http.subscription(
                "PUT", ground.setPath("never"), "{\"tags\":{\"a\":\"" + "x".repeat(20 * 1024 * 1024) + "\"}}");
        assertThat(reply.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({
        "/resourceGroups/nowhere/providers/Microsoft.Compute/diskEncryptionSets/x, ResourceGroupNotFound",
        "/resourceGroups/badinput/providers/Microsoft.Compute/diskEncryptionSets/none, ResourceNotFound",
        "/resourceGroups/badinput/providers/Microsoft.Compute/virtualMachines/none, ResourceNotFound",
        "/resourceGroups/badinput/providers/Microsoft.KeyVault/vaults/none, ResourceNotFound",
        "/resourceGroups/badinput/providers/Microsoft.Nothing/things/x, InvalidResourceNamespace",
    })
    void unknownThings_areNotFound(String path, String code) {
        Http.Reply reply = http.subscription("GET", path, "");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo(code);
    }

    @Test
    void anotherSubscription_isNotFound() {
        Http.Reply reply = http.arm(
                "GET", "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups?api-version=2021-04-01", "");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("SubscriptionNotFound");
    }

    @Test
    void names_followAzuresRules() {
        isRefusal(put("a%20b", "\"activeKey\":{\"keyUrl\":\"$KID\"}"), "name");
        isRefusal(
                http.subscription(
                        "PUT", ground.groupPath() + "/providers/Microsoft.KeyVault/vaults/1-no", """
                        {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"}}}""".formatted(
                                        server.env().tenant())),
                "1-no");
        isRefusal(
                http.keys(
                        "POST", ground.vaultHost(), "/keys/no_underscore/create?api-version=7.5", "{\"kty\":\"RSA\"}"),
                "no_underscore");
    }

    @Test
    void aStaleETag_changesNothing() {
        ground.newVm("tagged", "set");
        String url = server.env().server() + "/subscriptions/" + server.env().subscription() + ground.vmPath("tagged")
                + "?api-version=2024-07-01";
        Optional<String> token = Optional.of(http.bearer(server.env().server() + "/arm"));
        Http.Reply reply =
                http.request("PATCH", url, token, "{\"tags\":{\"x\":\"y\"}}", Map.of("If-Match", "\"stale\""));
        assertThat(reply.status()).isEqualTo(412);
        assertThat(http.request("GET", url, token, "", Map.of()).text()).doesNotContain("\"x\":\"y\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}                                                        | kty",
                "{\"kty\":\"DSA\"}                                         | kty",
                "{\"kty\":\"RSA\",\"key_size\":1024}                       | key_size",
                "{\"kty\":\"EC\",\"crv\":\"P-999\"}                        | crv",
                "{\"kty\":\"RSA\",\"key_ops\":[\"fly\"]}                   | key_ops",
                "{\"kty\":\"RSA-HSM\",\"attributes\":{\"exportable\":true}} | release_policy",
                "{\"kty\":\"oct-HSM\"}                                     | oct-HSM",
            })
    void aWrongKey_isRefused_andNotMade(String body, String mention) {
        isRefusal(http.keys("POST", ground.vaultHost(), "/keys/never/create?api-version=7.5", body), mention);
        assertThat(http.keys("GET", ground.vaultHost(), "/keys/never?api-version=7.5", "")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"alg\":\"RSA-OAEP-256\"}                        | value",
                "{\"alg\":\"ROT13\",\"value\":\"AAAA\"}            | alg",
                "{\"alg\":\"RSA-OAEP-256\",\"value\":\"*\"}        | value",
                "{\"alg\":\"A256KW\",\"value\":\"AAAA\"}           | A256KW",
            })
    void aWrongUseOfAKey_isRefused(String body, String mention) {
        isRefusal(http.keys("POST", ground.vaultHost(), "/keys/k/wrapkey?api-version=7.5", body), mention);
    }

    @Test
    void aKeyThatMayNotEncryptASet_isRefusedWithEveryReason() {
        Http.Reply plain = http.keys(
                "POST",
                ground.vaultHost(),
                "/keys/plain/create?api-version=7.5",
                "{\"kty\":\"RSA\",\"key_size\":2048}");
        Http.Reply reply = http.subscription(
                "PATCH",
                ground.setPath("set"),
                "{\"properties\":{\"activeKey\":{\"keyUrl\":\"%s\"}}}".formatted(plain.text("key.kid")));
        isRefusal(reply, "RSA-HSM");
        assertThat(reply.text()).contains("exportable");
        assertThat(ground.set("set").text("properties.activeKey.keyUrl")).isEqualTo(kid);
    }

    @Test
    void R1_aSetInTheWrongPlace_isRefusedWithTheRightOne() {
        isRefusal(
                http.subscription("PUT", ground.vmPath("never"), """
                        {"location":"westeurope","properties":{"securityProfile":{"securityType":"ConfidentialVM",
                        "uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},"storageProfile":{"osDisk":{
                        "createOption":"FromImage","managedDisk":{"diskEncryptionSet":{"id":"%s"}}}}}}""".formatted(ground.id(ground.setPath("set")))),
                "securityProfile.diskEncryptionSet");
    }

    @Test
    void aMethodThatAPathDoesNotHave_isRefused() {
        Http.Reply reply = http.subscription("DELETE", ground.setPath("set") + "/census", "");
        assertThat(reply.status()).isEqualTo(405);
        isRefusal(reply, "DELETE");
    }
}

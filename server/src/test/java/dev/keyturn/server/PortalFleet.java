package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import dev.keyturn.testing.Eventually;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small fleet, made over ARM as its administrator, and people who look at it in a browser. */
final class PortalFleet {
    static final String PASSWORD = "a good long password";
    static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    static final String CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    static final String CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
    static final String ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    static final String HSM_CRYPTO_USER = "21dbd100-6940-42c2-9190-5d6cb909625b";
    static final String GROUP = "fleet";

    private static final Pattern OBJECT_ID = Pattern.compile("Object id</dt><dd><code>([0-9a-f-]{36})");
    private static final String POLICY =
            Base64.getUrlEncoder().withoutPadding().encodeToString("""
                    {"version":"1.0.0","anyOf":[{"authority":"https://sharedeus.eus.attest.azure.net",\
                    "allOf":[{"claim":"x-ms-compliance-status","equals":"azure-compliant-cvm"}]}]}""".getBytes(StandardCharsets.UTF_8));

    final RunningServer server;
    final Browser admin;
    private final Set<String> officers = new HashSet<>();

    PortalFleet(RunningServer server) throws Exception {
        this.server = server;
        this.admin = new Browser(server)
                .welcome(server.server.firstPerson().orElseThrow().link(), PASSWORD);
        arm("PUT", group(), "2022-09-01", "{\"location\":\"local\"}");
    }

    String group() {
        return server.subscription() + "/resourceGroups/" + GROUP;
    }

    String vaultId(String vault) {
        return group() + "/providers/Microsoft.KeyVault/vaults/" + vault;
    }

    String setId(String set) {
        return group() + "/providers/Microsoft.Compute/diskEncryptionSets/" + set;
    }

    String vmId(String vm) {
        return group() + "/providers/Microsoft.Compute/virtualMachines/" + vm;
    }

    HttpResponse<String> arm(String method, String id, String version, String body) throws Exception {
        HttpResponse<String> answer = server.arm(method, id + "?api-version=" + version, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer;
    }

    void vault(String name) throws Exception {
        arm("PUT", vaultId(name), "2023-07-01", """
                {"location":"local","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                 "enableRbacAuthorization":true,"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(server.env("KEYTURN_TENANT_ID")));
    }

    /** The URL of the key's first version. */
    String key(String vault, String name) throws Exception {
        HttpResponse<String> made = arm("PUT", vaultId(vault) + "/keys/" + name, "2023-07-01", keyBody());
        return json(made).get("properties").get("keyUriWithVersion").stringValue();
    }

    /** Of a key that a confidential set takes. */
    String keyBody() {
        return """
                {"properties":{"kty":"RSA-HSM","keySize":2048,"keyOps":["wrapKey","unwrapKey"],
                 "attributes":{"enabled":true,"exportable":true},
                 "release_policy":{"contentType":"application/json; charset=utf-8","data":"%s"}}}""".formatted(POLICY);
    }

    /**
     * Changes attributes of a key version at its vault, {@code enabled} or {@code exp}, as who makes the fleet, who takes the
     * role for it; once for each vault.
     */
    void attributes(String vault, String keyUrl, String json) throws Exception {
        String token =
                server.token("https://" + server.env("KEYTURN_VAULT_SUFFIX").substring(1));
        if (officers.add(vault)) {
            grant(vaultId(vault), CRYPTO_OFFICER, oid(token));
        }
        HttpResponse<String> changed = server.send(
                "PATCH",
                URI.create(keyUrl).getPath() + "?api-version=7.4",
                "{\"attributes\":" + json + "}",
                Map.of("Host", vault + server.env("KEYTURN_VAULT_SUFFIX"), "Authorization", "Bearer " + token));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    private static String oid(String token) {
        return Json.parseObject(
                        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8))
                .get("oid")
                .stringValue();
    }

    /** The object id of the set's identity. */
    String set(String name, String keyUrl) throws Exception {
        HttpResponse<String> made = arm("PUT", setId(name), "2023-04-02", """
                {"location":"local","identity":{"type":"SystemAssigned"},
                 "properties":{"encryptionType":"ConfidentialVmEncryptedWithCustomerKey",
                  "activeKey":{"keyUrl":"%s"}}}""".formatted(keyUrl));
        return json(made).get("identity").get("principalId").stringValue();
    }

    void grant(String scope, String role, String principal) throws Exception {
        arm(
                "PUT",
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                "2022-04-01",
                "{\"properties\":{\"principalId\":\"" + principal + "\",\"roleDefinitionId\":\"" + role + "\"}}");
    }

    /** A managed HSM whose administrators are who makes the fleet and the person {@code admin}; where its keys are asked for. */
    Hsm hsm(String name) throws Exception {
        String resource = "https://" + server.env("KEYTURN_HSM_SUFFIX").substring(1);
        String token = server.token(resource);
        String self = oid(token);
        arm("PUT", group() + "/providers/Microsoft.KeyVault/managedHSMs/" + name, "2023-07-01", """
                {"location":"local","sku":{"family":"B","name":"Standard_B1"},"properties":{"tenantId":"%s",
                 "initialAdminObjectIds":["%s","%s"],"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(
                        server.env("KEYTURN_TENANT_ID"), self, objectId(admin)));
        Hsm hsm = new Hsm(server, name + server.env("KEYTURN_HSM_SUFFIX"), token);
        hsm.grant(HSM_CRYPTO_USER, self);
        return hsm;
    }

    /** The data plane of a managed HSM, as who makes the fleet. */
    record Hsm(RunningServer server, String host, String token) {
        void grant(String role, String principal) throws Exception {
            HttpResponse<String> granted = send(
                    "PUT",
                    "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                    "{\"properties\":{\"roleDefinitionId\":\"Microsoft.KeyVault/providers/Microsoft.Authorization"
                            + "/roleDefinitions/" + role + "\",\"principalId\":\"" + principal + "\"}}");
            assertThat(granted.statusCode()).as(granted.body()).isEqualTo(201);
        }

        String key(String name) throws Exception {
            HttpResponse<String> made = send("POST", "/keys/" + name + "/create", """
                    {"kty":"RSA-HSM","key_size":2048,"key_ops":["wrapKey","unwrapKey"],
                     "attributes":{"enabled":true,"exportable":true},
                     "release_policy":{"contentType":"application/json; charset=utf-8","data":"%s"}}""".formatted(POLICY));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
            return json(made).get("key").get("kid").stringValue();
        }

        private HttpResponse<String> send(String method, String path, String body) throws Exception {
            return server.send(
                    method, path + "?api-version=7.4", body, Map.of("Host", host, "Authorization", "Bearer " + token));
        }
    }

    /** A VM that runs once its creation has ended. */
    void vm(String name, String set) throws Exception {
        vm(name, set, "");
    }

    /** As {@link #vm(String, String)}, with an OS disk that is lost when it stops. */
    void ephemeralVm(String name, String set) throws Exception {
        vm(name, set, "\"diffDiskSettings\":{\"option\":\"Local\"},\"caching\":\"ReadOnly\",");
    }

    private void vm(String name, String set, String osDisk) throws Exception {
        arm("PUT", vmId(name), "2024-07-01", """
                {"location":"local","properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},
                 "securityProfile":{"securityType":"ConfidentialVM",
                  "uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},
                 "storageProfile":{
                  "imageReference":{"publisher":"Canonical","offer":"o","sku":"s","version":"latest"},
                  "osDisk":{%3$s"name":"%1$s-os","createOption":"FromImage","managedDisk":{"securityProfile":{
                   "securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"%2$s"}}}},
                  "dataDisks":[{"lun":0,"name":"%1$s-data","createOption":"Empty","diskSizeGB":1,
                   "managedDisk":{"diskEncryptionSet":{"id":"%2$s"}}}]},
                 "osProfile":{"computerName":"%1$s","adminUsername":"somebody"}}}""".formatted(name, setId(set), osDisk));
        until(
                "Succeeded",
                () -> server.arm("GET", vmId(name) + "?api-version=2024-07-01", "")
                        .body());
    }

    void stop(String vm) throws Exception {
        arm("POST", vmId(vm) + "/deallocate", "2024-07-01", "");
        until(
                "PowerState/deallocated",
                () -> server.arm("GET", vmId(vm) + "/instanceView?api-version=2024-07-01", "")
                        .body());
    }

    /** A person who holds nothing, signed in. */
    Browser person(String name) throws Exception {
        admin.get("/portal/people");
        HttpResponse<String> made = admin.post("/portal/people", Map.of("name", name, "displayname", name));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        String link = made.body().replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
        return new Browser(server).welcome(link, PASSWORD);
    }

    static String objectId(Browser browser) throws Exception {
        Matcher found = OBJECT_ID.matcher(browser.get("/portal/me").body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** Something that is asked for again and again. */
    @FunctionalInterface
    interface Look {
        String at() throws Exception;
    }

    /** What is seen once it has the word in it, which must not take half a minute. */
    static String until(String word, Look look) {
        return Eventually.until(
                Duration.ofSeconds(30),
                () -> {
                    try {
                        return look.at();
                    } catch (Exception e) {
                        throw new AssertionError("cannot look for " + word, e);
                    }
                },
                seen -> seen.contains(word));
    }
}

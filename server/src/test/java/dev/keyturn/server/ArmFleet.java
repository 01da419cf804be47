package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import dev.keyturn.testing.Eventually;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** A group with a vault, a key, disk encryption sets and VMs on the simulated host, made as clients make them. */
final class ArmFleet {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
    private static final String USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    private static final String POLICY =
            Base64.getUrlEncoder().withoutPadding().encodeToString("""
            {"version":"1.0.0","anyOf":[{"authority":"https://sharedweu.weu.attest.azure.net","allOf":[
            {"claim":"x-ms-isolation-tee.x-ms-attestation-type","equals":"sevsnpvm"}]}]}""".getBytes(StandardCharsets.UTF_8));

    private final RunningServer server;
    private final String group;
    private final String vault;
    private final String vaultName;
    private final String key;

    ArmFleet(RunningServer server, String group, String vaultName) throws Exception {
        this.server = server;
        this.group = server.subscription() + "/resourceGroups/" + group;
        this.vault = this.group + "/providers/Microsoft.KeyVault/vaults/" + vaultName;
        put(this.group, "2021-04-01", "{\"location\": \"westeurope\"}");
        put(vault, "2023-07-01", """
                {"location": "westeurope", "properties": {"tenantId": "%s", "enableRbacAuthorization": true,
                 "enablePurgeProtection": true, "sku": {"family": "A", "name": "premium"}}}\
                """.formatted(server.env("KEYTURN_TENANT_ID")));
        grant(vault, OFFICER, own(), "ServicePrincipal");
        this.vaultName = vaultName;
        this.key = version();
    }

    /** A new version of the key; its URL. */
    String version() throws Exception {
        String suffix = server.env("KEYTURN_VAULT_SUFFIX");
        String token = server.token("https://" + suffix.substring(1).replaceAll(":.*", ""));
        HttpResponse<String> made = server.send(
                "POST",
                "/keys/cmk/create?api-version=7.5",
                """
                {"kty": "RSA-HSM", "key_size": 3072, "key_ops": ["wrapKey", "unwrapKey"],
                 "attributes": {"exportable": true}, "release_policy": {"data": "%s"}}""".formatted(POLICY),
                Map.of(
                        "Authorization",
                        "Bearer " + token,
                        "Host",
                        vaultName + suffix,
                        "Content-Type",
                        "application/json"));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        return RunningServer.json(made).path("key").path("kid").stringValue();
    }

    /** The object id of who asks. */
    private String own() throws Exception {
        String token = server.token(server.env("KEYTURN_SERVER") + "/arm");
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return Json.parseObject(claims).path("oid").stringValue();
    }

    void grant(String scope, String role, String principal, String kind) throws Exception {
        put(
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                "2022-04-01",
                """
                {"properties": {"roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/%s",
                 "principalId": "%s", "principalType": "%s"}}""".formatted(role, principal, kind));
    }

    void set(String name) throws Exception {
        HttpResponse<String> made = put(set(name, ""), "2024-03-02", """
                {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties":
                 {"encryptionType": "ConfidentialVmEncryptedWithCustomerKey", "activeKey": {"keyUrl": "%s"}}}\
                """.formatted(key));
        grant(
                vault,
                USER,
                RunningServer.json(made).path("identity").path("principalId").stringValue(),
                "ServicePrincipal");
    }

    /** Begins a rotation. */
    void rotate(String name, String keyUrl) throws Exception {
        HttpResponse<String> begun = server.arm(
                "PATCH",
                set(name, "") + "?api-version=2024-03-02",
                "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + keyUrl + "\"}}}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    }

    void deallocate(String name) throws Exception {
        HttpResponse<String> begun = server.arm("POST", vm(name) + "/deallocate?api-version=2024-07-01", "");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    }

    /** Waits until nothing is at work on the set and all of it is under its key. */
    void awaitRotated(String name, RunningServer asked) {
        Eventually.holds("the rotation does not end", LIMIT, () -> {
            String body = asked.arm("GET", set(name, "") + "?api-version=2024-03-02", "")
                    .body();
            return body.contains("\"provisioningState\":\"Succeeded\"")
                    && underOtherKeys(name, asked).equals("0");
        });
    }

    /** What the census says is still under keys other than the set's. */
    String underOtherKeys(String name, RunningServer asked) throws Exception {
        return RunningServer.json(asked.arm("GET", set(name, "/census") + "?api-version=2024-03-02", ""))
                .path("underOtherKeys")
                .toString();
    }

    private String set(String name, String rest) {
        return group + "/providers/Microsoft.Compute/diskEncryptionSets/" + name + rest;
    }

    String vm(String name) {
        return group + "/providers/Microsoft.Compute/virtualMachines/" + name;
    }

    /** Makes a VM that runs in the end; {@code osDisk} is spliced in with a leading comma. */
    void vm(String name, String setName, String osDisk, String tags) throws Exception {
        put(vm(name), "2024-07-01", """
                {"location": "westeurope", "tags": %4$s, "properties": {
                 "hardwareProfile": {"vmSize": "Standard_DC2as_v5"},
                 "securityProfile": {"securityType": "ConfidentialVM",
                  "uefiSettings": {"secureBootEnabled": true, "vTpmEnabled": true}},
                 "storageProfile": {"imageReference": {"publisher": "p", "offer": "o", "sku": "s", "version": "latest"},
                  "osDisk": {"createOption": "FromImage", "name": "%1$s_os", "managedDisk": {"securityProfile":
                   {"securityEncryptionType": "DiskWithVMGuestState", "diskEncryptionSet": {"id": "%2$s"}}}%3$s}},
                 "osProfile": {"computerName": "%1$s", "adminUsername": "keyturn"}}}\
                """.formatted(name, set(setName, ""), osDisk, tags));
    }

    /** Waits until nothing is at work on the VM. */
    void settled(String name) {
        settled(name, server);
    }

    /** As that server says. */
    void settled(String name, RunningServer asked) {
        Eventually.holds(name + " does not settle", LIMIT, () -> {
            String state = RunningServer.json(asked.arm("GET", vm(name) + "?api-version=2024-07-01", ""))
                    .path("properties")
                    .path("provisioningState")
                    .stringValue();
            return state.equals("Succeeded") || state.equals("Failed");
        });
    }

    String power(String name) throws Exception {
        String view = server.arm("GET", vm(name) + "/instanceView?api-version=2024-07-01", "")
                .body();
        return view.replaceAll("(?s).*PowerState/([a-z]+).*", "$1");
    }

    private HttpResponse<String> put(String id, String version, String body) throws Exception {
        HttpResponse<String> made = server.arm("PUT", id + "?api-version=" + version, body);
        assertThat(made.statusCode()).as(made.body()).isIn(200, 201, 202);
        return made;
    }
}

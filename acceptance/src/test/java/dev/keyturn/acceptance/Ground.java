package dev.keyturn.acceptance;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.RefusedException;
import dev.keyturn.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A resource group with a vault that the administrator may use, and what tests put into it. */
public final class Ground implements AutoCloseable {
    public static final String CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
    static final String ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    static final String POLICY =
            "{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"https://sharedweu.weu.attest.azure.net\",\"allOf\":["
                    + "{\"claim\":\"x-ms-isolation-tee.x-ms-attestation-type\",\"equals\":\"sevsnpvm\"}]}]}";
    private static final String VMS = "2024-07-01";
    private static final String SETS = "2024-03-02";
    static final String OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

    private final Api api;
    private final String name;

    private Ground(Api api, String name) {
        this.api = api;
        this.name = name;
    }

    /** Names must be unlike those of other tests: a vault's is free again only when it was purged. */
    public static Ground on(ServerProcess server, String name) {
        Ground ground = existing(server, name);
        ground.api.arm("PUT", ground.groupPath(), "2021-04-01", body("{\"location\":\"westeurope\"}"));
        ground.api.armToEnd("PUT", ground.vaultPath(), "2023-07-01", body("""
                {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                "enableRbacAuthorization":true,"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(
                        ground.api.env().tenant())));
        ground.grant(ground.vaultPath(), CRYPTO_OFFICER, ground.api.principal());
        return ground;
    }

    /** One that was made before, by an earlier process of the server. */
    public static Ground existing(ServerProcess server, String name) {
        return new Ground(new Api(server.env()), name);
    }

    public static Optional<ObjectNode> body(String json) {
        return Optional.of(Json.parseObject(json));
    }

    public Api api() {
        return api;
    }

    public String group() {
        return name;
    }

    String groupPath() {
        return "/resourceGroups/" + name;
    }

    String vault() {
        return name + "-kv";
    }

    public String vaultHost() {
        return api.env().vaultHost(vault());
    }

    public String vaultPath() {
        return groupPath() + "/providers/Microsoft.KeyVault/vaults/" + vault();
    }

    public String id(String path) {
        return "/subscriptions/" + api.env().subscription() + path;
    }

    public String setPath(String set) {
        return groupPath() + "/providers/Microsoft.Compute/diskEncryptionSets/" + set;
    }

    public String vmPath(String vm) {
        return groupPath() + "/providers/Microsoft.Compute/virtualMachines/" + vm;
    }

    public void grant(String scope, String role, String principal) {
        api.arm(
                "PUT",
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                "2022-04-01",
                body("""
                {"properties":{"roleDefinitionId":"/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s",
                "principalId":"%s","principalType":"ServicePrincipal"}}""".formatted(api.env().subscription(), role, principal)));
    }

    /** A key fit for a confidential set, or its next version; the version's full id. */
    public String newKey(String key) {
        return api.keys("POST", vaultHost(), "/keys/" + key + "/create", body(keyBody()))
                .text("key.kid");
    }

    static String keyBody() {
        String policy = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(POLICY.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return """
                {"kty":"RSA-HSM","key_size":2048,"key_ops":["wrapKey","unwrapKey"],"attributes":{"exportable":true},
                "release_policy":{"data":"%s"}}""".formatted(policy);
    }

    /** From then on nothing new can be put under that version. */
    public void expires(String keyUrl, Instant at) {
        api.keys(
                "PATCH",
                vaultHost(),
                keyUrl.substring(keyUrl.indexOf("/keys/")),
                body("{\"attributes\":{\"exp\":%d}}".formatted(at.getEpochSecond())));
    }

    public void deleteKey(String key) {
        api.keys("DELETE", vaultHost(), "/keys/" + key, Optional.empty());
    }

    /** A set whose identity may use the vault's keys. */
    public void newSet(String set, String keyUrl) {
        String identity = api.armToEnd("PUT", setPath(set), SETS, body("""
                {"location":"westeurope","identity":{"type":"SystemAssigned"},"properties":{
                "encryptionType":"ConfidentialVmEncryptedWithCustomerKey",
                "activeKey":{"sourceVault":{"id":"%s"},"keyUrl":"%s"}}}""".formatted(id(vaultPath()), keyUrl)))
                .text("identity.principalId");
        grant(vaultPath(), ENCRYPTION_USER, identity);
    }

    String vmBody(String vm, String set) {
        return """
                {"location":"westeurope","properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},
                "securityProfile":{"securityType":"ConfidentialVM","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},
                "storageProfile":{"imageReference":{"publisher":"Canonical","offer":"cvm","sku":"22_04-lts-cvm","version":"latest"},
                "osDisk":{"createOption":"FromImage","name":"%1$s-os","deleteOption":"Delete","managedDisk":{"securityProfile":{
                "securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"%2$s"}}}},
                "dataDisks":[{"lun":0,"createOption":"Empty","name":"%1$s-data","diskSizeGB":8,"deleteOption":"Delete",
                "managedDisk":{"diskEncryptionSet":{"id":"%2$s"}}}]},
                "osProfile":{"computerName":"%1$s","adminUsername":"keyturn"}}}""".formatted(vm, id(setPath(set)));
    }

    public void newVm(String vm, String set) {
        api.armToEnd("PUT", vmPath(vm), VMS, body(vmBody(vm, set)));
    }

    public void tag(String vm, String name, String value) {
        Optional<ObjectNode> body = body("{}");
        body.orElseThrow().putObject("tags").put(name, value);
        api.armToEnd("PATCH", vmPath(vm), VMS, body);
    }

    public void act(String vm, String action) {
        api.armToEnd("POST", vmPath(vm) + "/" + action, VMS, Optional.empty());
    }

    public Answer rotate(String set, String keyUrl) {
        return api.armToEnd("PATCH", setPath(set), SETS, rotation(keyUrl));
    }

    Optional<ObjectNode> rotation(String keyUrl) {
        return body("{\"properties\":{\"activeKey\":{\"sourceVault\":{\"id\":\"%s\"},\"keyUrl\":\"%s\"}}}"
                .formatted(id(vaultPath()), keyUrl));
    }

    public Answer set(String set) {
        return api.arm("GET", setPath(set), SETS, Optional.empty());
    }

    public Answer census(String set) {
        return api.arm("GET", setPath(set) + "/census", SETS, Optional.empty());
    }

    /** Opens every artifact of a set on its host; throws where one does not open. */
    void verify(String set) {
        api.armToEnd("POST", setPath(set) + "/verify", SETS, Optional.empty());
    }

    /** The key version of each artifact of a VM. */
    List<String> keysOf(String vm) {
        List<String> keys = new ArrayList<>();
        for (JsonNode artifact : Answer.at(
                        api.arm("GET", vmPath(vm) + "/artifacts", VMS, Optional.empty())
                                .body(),
                        "value")
                .orElseThrow()) {
            keys.add(Answer.text(artifact, "keyUrl"));
        }
        return keys;
    }

    public String power(String vm) {
        for (JsonNode status : Answer.at(
                        api.arm("GET", vmPath(vm) + "/instanceView", VMS, Optional.empty())
                                .body(),
                        "statuses")
                .orElseThrow()) {
            String code = Answer.text(status, "code");
            if (code.startsWith("PowerState/")) {
                return code;
            }
        }
        return "";
    }

    /** Whether a key version is enabled. */
    public boolean enabled(String keyUrl) {
        Answer version = api.keys("GET", vaultHost(), keyUrl.substring(keyUrl.indexOf("/keys/")), Optional.empty());
        return version.text("attributes.enabled").equals("true");
    }

    public void fault(String id, String json) {
        api.own("PUT", "/keyturn/simulatedHost/faults/" + id, body(json));
    }

    public void mend(String id) {
        api.own("DELETE", "/keyturn/simulatedHost/faults/" + id, Optional.empty());
    }

    /** Does what the server begins and cannot end well. */
    public void fails(Runnable act) {
        try {
            act.run();
        } catch (RefusedException e) {
            return;
        }
        throw new AssertionError("it did not fail");
    }

    @Override
    public void close() {
        api.close();
    }
}

package dev.keyturn.bench;

import dev.keyturn.cli.client.Api;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A group, a vault, a set and stopped VMs, made over the API as a client makes them. */
final class SmallFleet {
    private static final String SETS = "2024-03-02";
    private static final String VMS = "2024-07-01";
    private static final String POLICY = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                    ("{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"https://sharedweu.weu.attest.azure.net\",\"allOf\":["
                                    + "{\"claim\":\"x-ms-isolation-tee.x-ms-attestation-type\",\"equals\":\"sevsnpvm\"}]}]}")
                            .getBytes(StandardCharsets.UTF_8));

    private final Api api;
    private final String group;
    private String wrapKey = "";

    private SmallFleet(Api api, String group) {
        this.api = api;
        this.group = "/resourceGroups/" + group;
    }

    static SmallFleet create(Api api, String group, int vms) {
        SmallFleet fleet = new SmallFleet(api, group);
        api.arm("PUT", fleet.group, "2021-04-01", json("{\"location\":\"westeurope\"}"));
        api.armToEnd(
                "PUT", fleet.vault(), "2023-07-01", json("""
                {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                "enableRbacAuthorization":true,"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(api.env().tenant())));
        fleet.grant("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", api.principal());
        String identity = api.armToEnd("PUT", fleet.set(), SETS, json("""
                {"location":"westeurope","identity":{"type":"SystemAssigned"},"properties":{
                "encryptionType":"ConfidentialVmEncryptedWithCustomerKey","activeKey":{"keyUrl":"%s"}}}""".formatted(fleet.newKey("fleet"))))
                .text("identity.principalId");
        fleet.grant("e147488a-f6f5-4113-8e2d-b22465e65bf6", identity);
        for (int i = 0; i < vms; i++) {
            fleet.newVm("vm" + i);
        }
        fleet.wrapKey = fleet.newKey("wrapping");
        return fleet;
    }

    /** A key fit for a confidential set, or its next version; the version's full id. */
    String newKey(String key) {
        return api.keys("POST", host(), "/keys/" + key + "/create", json("""
                {"kty":"RSA-HSM","key_size":2048,"key_ops":["wrapKey","unwrapKey"],"attributes":{"exportable":true},
                "release_policy":{"data":"%s"}}""".formatted(POLICY)))
                .text("key.kid");
    }

    /** Disables the version that is the set's active key. */
    void disableKey() {
        String url = api.arm("GET", set(), SETS, Optional.empty()).text("properties.activeKey.keyUrl");
        api.keys("PATCH", host(), KeyId.parse(url).orElseThrow().path(), json("{\"attributes\":{\"enabled\":false}}"));
    }

    void rotate() {
        api.armToEnd(
                "PATCH",
                set(),
                SETS,
                json("{\"properties\":{\"activeKey\":{\"keyUrl\":\"%s\"}}}".formatted(newKey("fleet"))));
    }

    void readSet() {
        api.arm("GET", set(), SETS, Optional.empty());
    }

    void wrap() {
        String path = KeyId.parse(wrapKey).orElseThrow().path();
        String wrapped = api.keys(
                        "POST",
                        host(),
                        path + "/wrapkey",
                        json("{\"alg\":\"RSA-OAEP-256\",\"value\":\"AAECAwQFBgcICQoLDA0ODw\"}"))
                .text("value");
        api.keys(
                "POST",
                host(),
                path + "/unwrapkey",
                json("{\"alg\":\"RSA-OAEP-256\",\"value\":\"%s\"}".formatted(wrapped)));
    }

    private void newVm(String vm) {
        String path = group + "/providers/Microsoft.Compute/virtualMachines/" + vm;
        api.armToEnd("PUT", path, VMS, json("""
                {"location":"westeurope","properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},
                "securityProfile":{"securityType":"ConfidentialVM","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},
                "storageProfile":{"imageReference":{"publisher":"Canonical","offer":"cvm","sku":"22_04-lts-cvm","version":"latest"},
                "osDisk":{"createOption":"FromImage","name":"%1$s-os","managedDisk":{"securityProfile":{
                "securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"%2$s"}}}}},
                "osProfile":{"computerName":"%1$s","adminUsername":"keyturn"}}}""".formatted(vm, id(set()))));
        api.armToEnd("POST", path + "/deallocate", VMS, Optional.empty());
    }

    private void grant(String role, String principal) {
        api.arm(
                "PUT",
                vault() + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                "2022-04-01",
                json("""
                {"properties":{"roleDefinitionId":"/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s",
                "principalId":"%s","principalType":"ServicePrincipal"}}""".formatted(api.env().subscription(), role, principal)));
    }

    private String id(String path) {
        return "/subscriptions/" + api.env().subscription() + path;
    }

    private String name() {
        return group.substring(group.lastIndexOf('/') + 1) + "-kv";
    }

    private String host() {
        return api.env().vaultHost(name());
    }

    private String vault() {
        return group + "/providers/Microsoft.KeyVault/vaults/" + name();
    }

    private String set() {
        return group + "/providers/Microsoft.Compute/diskEncryptionSets/set";
    }

    private static Optional<ObjectNode> json(String text) {
        return Optional.of(Json.parseObject(text));
    }
}

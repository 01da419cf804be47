package dev.keyturn.bench;

import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Request bodies of a small fleet, as a client writes them. */
public final class Bodies {
    public static final String SETS = "2024-03-02";
    public static final String VMS = "2024-07-01";
    public static final String VAULTS = "2023-07-01";
    public static final String GROUPS = "2021-04-01";
    public static final String ROLES = "2022-04-01";
    public static final String CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
    public static final String ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    private static final String POLICY = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                    ("{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"https://sharedweu.weu.attest.azure.net\",\"allOf\":["
                                    + "{\"claim\":\"x-ms-isolation-tee.x-ms-attestation-type\",\"equals\":\"sevsnpvm\"}]}]}")
                            .getBytes(StandardCharsets.UTF_8));

    private Bodies() {}

    public static Optional<ObjectNode> json(String text) {
        return Optional.of(Json.parseObject(text));
    }

    public static Optional<ObjectNode> group() {
        return json("{\"location\":\"westeurope\"}");
    }

    public static Optional<ObjectNode> vault(String tenant) {
        return json("""
                {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                "enableRbacAuthorization":true,"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(tenant));
    }

    /** A key fit for a confidential set. */
    public static Optional<ObjectNode> key() {
        return json("""
                {"kty":"RSA-HSM","key_size":2048,"key_ops":["wrapKey","unwrapKey"],"attributes":{"exportable":true},
                "release_policy":{"data":"%s"}}""".formatted(POLICY));
    }

    /** A new confidential set with an identity of its own. */
    public static Optional<ObjectNode> set(String keyUrl) {
        return json("""
                {"location":"westeurope","identity":{"type":"SystemAssigned"},"properties":{
                "encryptionType":"ConfidentialVmEncryptedWithCustomerKey","activeKey":{"keyUrl":"%s"}}}""".formatted(keyUrl));
    }

    public static Optional<ObjectNode> rotation(String keyUrl) {
        return json("{\"properties\":{\"activeKey\":{\"keyUrl\":\"%s\"}}}".formatted(keyUrl));
    }

    /** A confidential VM of a set with an OS disk. */
    public static Optional<ObjectNode> vm(String vm, String setId) {
        return json("""
                {"location":"westeurope","properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},
                "securityProfile":{"securityType":"ConfidentialVM","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},
                "storageProfile":{"imageReference":{"publisher":"Canonical","offer":"cvm","sku":"22_04-lts-cvm","version":"latest"},
                "osDisk":{"createOption":"FromImage","name":"%1$s-os","deleteOption":"Delete","managedDisk":{"securityProfile":{
                "securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"%2$s"}}}}},
                "osProfile":{"computerName":"%1$s","adminUsername":"keyturn"}}}""".formatted(vm, setId));
    }

    public static Optional<ObjectNode> assignment(String subscription, String role, String principal) {
        return json("""
                {"properties":{"roleDefinitionId":"/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s",
                "principalId":"%s","principalType":"ServicePrincipal"}}""".formatted(subscription, role, principal));
    }
}

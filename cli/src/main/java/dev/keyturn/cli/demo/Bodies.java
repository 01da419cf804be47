package dev.keyturn.cli.demo;

import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/** The bodies that the demo sends: Azure's shapes, as its clients send them. */
final class Bodies {
    /** A key may leave the vault only into a confidential VM on SEV-SNP that Azure's attestation vouches for. */
    private static final String RELEASE_POLICY = """
            {"version":"1.0.0","anyOf":[{"authority":"https://sharedweu.weu.attest.azure.net","allOf":[
            {"claim":"x-ms-isolation-tee.x-ms-attestation-type","equals":"sevsnpvm"},
            {"claim":"x-ms-isolation-tee.x-ms-compliance-status","equals":"azure-compliant-cvm"}]}]}""";

    private Bodies() {}

    static ObjectNode group() {
        return Json.object().put("location", Cast.REGION);
    }

    static ObjectNode vault(String tenant) {
        ObjectNode body = group();
        ObjectNode properties = body.putObject("properties")
                .put("tenantId", tenant)
                .put("enableRbacAuthorization", true)
                .put("enablePurgeProtection", true)
                .put("softDeleteRetentionInDays", 7);
        properties.putObject("sku").put("family", "A").put("name", "premium");
        return body;
    }

    static ObjectNode key() {
        ObjectNode body = Json.object().put("kty", "RSA-HSM").put("key_size", 3072);
        body.putArray("key_ops").add("wrapKey").add("unwrapKey");
        body.putObject("attributes").put("enabled", true).put("exportable", true);
        body.putObject("release_policy")
                .put("contentType", "application/json; charset=utf-8")
                .put(
                        "data",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(RELEASE_POLICY.getBytes(StandardCharsets.UTF_8)));
        return body;
    }

    static ObjectNode enabled(boolean enabled) {
        ObjectNode body = Json.object();
        body.putObject("attributes").put("enabled", enabled);
        return body;
    }

    static ObjectNode set(String vaultId, String keyUrl) {
        ObjectNode body = group();
        body.putObject("identity").put("type", "SystemAssigned");
        ObjectNode properties =
                body.putObject("properties").put("encryptionType", "ConfidentialVmEncryptedWithCustomerKey");
        ObjectNode key = properties.putObject("activeKey").put("keyUrl", keyUrl);
        key.putObject("sourceVault").put("id", vaultId);
        return body;
    }

    /** A change of the set's key, as a PATCH; the dry run takes the same body. */
    static ObjectNode newKey(String vaultId, String keyUrl) {
        ObjectNode body = Json.object();
        ObjectNode key = body.putObject("properties").putObject("activeKey").put("keyUrl", keyUrl);
        key.putObject("sourceVault").put("id", vaultId);
        return body;
    }

    static ObjectNode roleAssignment(String subscription, String role, String principal) {
        ObjectNode body = Json.object();
        body.putObject("properties")
                .put(
                        "roleDefinitionId",
                        "/subscriptions/" + subscription + "/providers/Microsoft.Authorization/roleDefinitions/" + role)
                .put("principalId", principal)
                .put("principalType", "ServicePrincipal");
        return body;
    }

    static ObjectNode vm(String name, String setId, VmShape shape) {
        ObjectNode body = group();
        ObjectNode properties = body.putObject("properties");
        properties.putObject("hardwareProfile").put("vmSize", "Standard_DC2as_v5");
        ObjectNode security = properties.putObject("securityProfile").put("securityType", "ConfidentialVM");
        security.putObject("uefiSettings").put("secureBootEnabled", true).put("vTpmEnabled", true);
        ObjectNode storage = properties.putObject("storageProfile");
        storage.putObject("imageReference")
                .put("publisher", shape.publisher())
                .put("offer", shape.offer())
                .put("sku", shape.sku())
                .put("version", "latest");
        ObjectNode os = storage.putObject("osDisk")
                .put("name", Cast.osDisk(name))
                .put("createOption", "FromImage")
                .put("osType", "Linux");
        ObjectNode osSecurity = os.putObject("managedDisk").putObject("securityProfile");
        osSecurity.put("securityEncryptionType", "DiskWithVMGuestState");
        osSecurity.putObject("diskEncryptionSet").put("id", setId);
        ObjectNode data = storage.putArray("dataDisks")
                .addObject()
                .put("lun", 0)
                .put("name", Cast.dataDisk(name))
                .put("createOption", "Empty")
                .put("diskSizeGB", shape.dataDiskGb());
        data.putObject("managedDisk").putObject("diskEncryptionSet").put("id", setId);
        properties.putObject("osProfile").put("computerName", name).put("adminUsername", "keyturn");
        return body;
    }

    static ObjectNode updateRefused(String disk) {
        return Json.object().put("kind", "updateRefused").put("disk", disk).put("artifact", "OsDisk");
    }
}

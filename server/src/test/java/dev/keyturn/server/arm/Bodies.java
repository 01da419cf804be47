package dev.keyturn.server.arm;

/** Request bodies as clients send them. */
final class Bodies {
    static final String COMPUTE = ArmRig.GROUP + "/providers/Microsoft.Compute";
    static final String SET = COMPUTE + "/diskEncryptionSets/des";

    private Bodies() {}

    static String group() {
        return """
                {"location": "West Europe", "tags": {"env": "test"}}""";
    }

    static String set(String keyUrl) {
        return """
                {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "tags": {"a": "1"},
                 "properties": {"encryptionType": "ConfidentialVmEncryptedWithCustomerKey",
                  "activeKey": {"keyUrl": "%s"}, "someFutureField": {"x": 1}}}""".formatted(keyUrl);
    }

    static String vm(String name) {
        return vm(name, "", "");
    }

    /** {@code osDisk} and {@code storage} are spliced in, each with a leading comma or empty. */
    static String vm(String name, String osDisk, String storage) {
        return """
                {"location": "westeurope", "tags": {"role": "web"},
                 "properties": {
                  "hardwareProfile": {"vmSize": "Standard_DC2as_v5"},
                  "storageProfile": {
                   "imageReference": {"publisher": "Canonical", "offer": "o", "sku": "s", "version": "latest"},
                   "osDisk": {"createOption": "FromImage", "name": "%1$s_os", "caching": "ReadWrite",
                    "managedDisk": {"storageAccountType": "Premium_LRS",
                     "securityProfile": {"securityEncryptionType": "DiskWithVMGuestState",
                      "diskEncryptionSet": {"id": "%2$s"}}}%3$s},
                   "dataDisks": [{"lun": 0, "createOption": "Empty", "diskSizeGB": 8, "name": "%1$s_data"}]%4$s},
                  "osProfile": {"computerName": "%1$s", "adminUsername": "azureuser", "adminPassword": "Secret-123!",
                   "customData": "c2VjcmV0"},
                  "securityProfile": {"securityType": "ConfidentialVM",
                   "uefiSettings": {"secureBootEnabled": true, "vTpmEnabled": true}},
                  "networkProfile": {"networkInterfaces": [{"id": "opaque-nic"}]},
                  "diagnosticsProfile": {"bootDiagnostics": {"enabled": true}},
                  "aFieldFromTheFuture": [1, 2]}}""".formatted(name, SET, osDisk, storage);
    }

    static String disk() {
        return """
                {"location": "westeurope", "sku": {"name": "Premium_LRS"},
                 "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 16,
                  "securityProfile": {"securityType": "ConfidentialVM_DiskEncryptedWithCustomerKey",
                   "secureVMDiskEncryptionSetId": "%s"}}}""".formatted(SET);
    }
}

package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a set's identity does with its keys has the correlation id of the request that it follows from. */
class OneCorrelationTest {
    private static final String SET = KeyVaultRig.GROUP + "/providers/Microsoft.Compute/diskEncryptionSets/des";
    private static final String DISK = KeyVaultRig.GROUP + "/providers/Microsoft.Compute/disks/d";
    private static final String WRAP = "Microsoft.KeyVault/vaults/keys/wrap/action";
    private static final String UNWRAP = "Microsoft.KeyVault/vaults/keys/unwrap/action";

    private KeyVaultRig rig;
    private String first;
    private String second;
    private String identity;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
        first = createKey();
        second = createKey();
        identity = expect(200, rig.arm("PUT", SET, """
                        {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties":
                         {"encryptionType": "ConfidentialVmEncryptedWithCustomerKey", "activeKey": {"keyUrl": "%s"}}}\
                        """.formatted(first)))
                .path("identity")
                .path("principalId")
                .asString();
        expect(
                201,
                rig.arm(
                        "PUT",
                        KeyVaultRig.VAULTS + "/v-one/providers/Microsoft.Authorization/roleAssignments/"
                                + UUID.randomUUID(),
                        """
                        {"properties": {"roleDefinitionId": "%s", "principalId": "%s",
                         "principalType": "ServicePrincipal"}}\
                        """.formatted(Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER.id(), identity)));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private String createKey() {
        JsonNode made =
                expect(200, rig.vault("POST", "/keys/cmk/create", """
                {"kty": "RSA-HSM", "key_size": 3072, "key_ops": ["wrapKey", "unwrapKey"],
                 "attributes": {"exportable": true}, "release_policy": {"data": "POLICY"}}\
                """.replace("POLICY", RecordedKeysTest.POLICY)));
        return made.path("key").path("kid").asString();
    }

    /** The records of what the set's identity did since, all of which have the correlation id of the answer. */
    private List<AuditRecord> usesOf(Response answer, Action asked, long since) {
        List<AuditRecord> all = rig.recordedBehind(since);
        UUID correlation = UUID.fromString(answer.headers().get("x-ms-request-id"));
        assertThat(all)
                .filteredOn(r -> r.action().equals(asked.azure()))
                .singleElement()
                .satisfies(r -> assertThat(r.correlation()).isEqualTo(correlation));
        List<AuditRecord> uses =
                all.stream().filter(r -> r.caller().toString().equals(identity)).toList();
        assertThat(uses).extracting(AuditRecord::correlation).containsOnly(correlation);
        return uses;
    }

    private Response putDisk() {
        Response answer = rig.arm("PUT", DISK, """
                {"location": "westeurope", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 4,
                 "securityProfile": {"securityType": "ConfidentialVM_DiskEncryptedWithCustomerKey",
                  "secureVMDiskEncryptionSetId": "%s"}}}\
                """.formatted(SET));
        expect(202, answer);
        return answer;
    }

    @Test
    void rotation_andItsUsesOfKeys_haveOneCorrelation() {
        putDisk();
        assertThat(rig.runDue()).isPositive();
        long before = rig.recorded();

        Response patched = rig.arm("PATCH", SET, "{\"properties\": {\"activeKey\": {\"keyUrl\": \"" + second + "\"}}}");
        expect(202, patched);
        assertThat(rig.runDue()).isPositive();

        assertThat(usesOf(patched, Action.DISK_SET_WRITE, before))
                .extracting(AuditRecord::action)
                .contains(WRAP, UNWRAP);
        assertThat(expect(200, rig.arm("GET", SET, ""))
                        .path("properties")
                        .path("activeKey")
                        .path("keyUrl")
                        .asString())
                .isEqualTo(second);
    }

    @Test
    void disk_andTheUsesOfKeysThatItsCreationTakes_haveOneCorrelation() {
        long before = rig.recorded();

        Response made = putDisk();
        assertThat(rig.runDue()).isPositive();

        assertThat(usesOf(made, Action.DISK_WRITE, before))
                .extracting(AuditRecord::action)
                .contains(WRAP, UNWRAP);
    }

    @Test
    void dryRun_thatTriesTheKeys_hasOneCorrelationWithItsAnswer() {
        putDisk();
        assertThat(rig.runDue()).isPositive();
        long before = rig.recorded();

        Response dry = rig.arm(
                "POST", SET + "/preflight", "{\"properties\": {\"activeKey\": {\"keyUrl\": \"" + second + "\"}}}");
        expect(200, dry);

        assertThat(rig.recordedBehind(before))
                .isNotEmpty()
                .allSatisfy(r ->
                        assertThat(r.correlation()).hasToString(dry.headers().get("x-ms-request-id")));
    }
}

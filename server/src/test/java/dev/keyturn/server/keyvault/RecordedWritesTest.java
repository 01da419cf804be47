package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.model.KeyId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write to a vault or a key and its record are one transaction, and so is the question whether the caller may. */
class RecordedWritesTest {
    private static final String VAULT = KeyVaultRig.VAULTS + "/v-one";

    @TempDir
    Path directory;

    private final WatchedBackend backend = new WatchedBackend();
    private KeyVaultRig rig;
    private Predicate<AuditRecord> notTaken = _ -> false;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(
                directory,
                real -> KeyBackends.of(backend.around(real)),
                real -> new BrokenAudit(real, r -> notTaken.test(r)));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void assertRecorded(long before, String... actions) {
        assertThat(rig.recordedBehind(before))
                .extracting(r -> r.action().replace("Microsoft.KeyVault/", ""), AuditRecord::outcome)
                .containsExactly(List.of(actions).stream()
                        .map(a -> tuple(a, Outcome.ALLOWED))
                        .toArray(org.assertj.core.groups.Tuple[]::new));
    }

    @Test
    void writesOfKeys_areRecordedOnceEach() {
        rig.makeVault(false);
        long before = rig.recorded();

        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        expect(200, rig.vault("PATCH", "/keys/k", "{\"tags\":{\"a\":\"b\"}}"));
        expect(200, rig.vault("POST", "/keys/k/rotate", ""));
        expect(200, rig.vault("PUT", "/keys/k/rotationpolicy", "{}"));
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        expect(200, rig.vault("POST", "/deletedkeys/k/recover", ""));
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        expect(204, rig.vault("DELETE", "/deletedkeys/k", ""));

        assertRecorded(
                before,
                "vaults/keys/create/action",
                "vaults/keys/update/action",
                "vaults/keys/rotate/action",
                "vaults/keyrotationpolicies/write",
                "vaults/keys/delete",
                "vaults/keys/recover/action",
                "vaults/keys/delete",
                "vaults/keys/purge/action");
        assertThat(rig.recordedBehind(before).getFirst().target().orElseThrow())
                .startsWith("https://" + KeyVaultRig.VAULT_HOST.replace(":8443", "") + "/keys/k/");
        assertThat(rig.recordedBehind(before)).allSatisfy(r -> {
            assertThat(r.scope()).isEqualTo((VAULT + "/keys/k").toLowerCase(Locale.ROOT));
            assertThat(r.caller()).isEqualTo(rig.caller("owner").principal());
        });
    }

    @Test
    void keyThatIsThereAlready_isNotWrittenByAPut_andNothingIsRecorded() {
        rig.makeVault(true);
        expect(200, rig.arm("PUT", VAULT + "/keys/there", "{\"properties\":{\"kty\":\"EC\"}}"));
        long before = rig.recorded();

        expect(200, rig.arm("PUT", VAULT + "/keys/there", "{\"properties\":{\"kty\":\"EC\"}}"));

        assertThat(rig.recorded()).isEqualTo(before);
    }

    @Test
    void restore_isRecordedForEachVersionThatIsBack() {
        rig.makeVault(false);
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        expect(200, rig.vault("POST", "/keys/k/rotate", ""));
        String backup = expect(200, rig.vault("POST", "/keys/k/backup", ""))
                .path("value")
                .asString();
        List<String> versions = rig.recordedBehind(0).stream()
                .filter(r -> r.action().endsWith("/keys/backup/action"))
                .map(r -> r.target().orElseThrow())
                .toList();
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        expect(204, rig.vault("DELETE", "/deletedkeys/k", ""));
        long before = rig.recorded();

        expect(200, rig.vault("POST", "/keys/restore", "{\"value\":\"" + backup + "\"}"));

        assertRecorded(before, "vaults/keys/restore/action", "vaults/keys/restore/action");
        assertThat(rig.recordedBehind(before))
                .extracting(r -> r.target().orElseThrow())
                .hasSize(2)
                .containsExactlyInAnyOrderElementsOf(versions);
    }

    @Test
    void deletionOfAVaultThatIsNotThere_isNotRecorded() {
        long before = rig.recorded();

        expect(204, rig.arm("DELETE", VAULT, ""));

        assertThat(rig.recorded()).isEqualTo(before);
    }

    @Test
    void writesOfVaults_areRecordedOnceEach_underTheActionOfTheRoute() {
        long before = rig.recorded();

        expect(201, rig.arm("PUT", VAULT, KeyVaultRig.vaultBody("premium", false, false)));
        expect(200, rig.arm("PATCH", VAULT, "{\"tags\":{\"a\":\"b\"}}"));
        expect(200, rig.arm("PUT", VAULT + "/accessPolicies/add", policy("owner")));
        expect(200, rig.arm("PUT", VAULT + "/keys/k", "{\"properties\":{\"kty\":\"EC\"}}"));
        expect(200, rig.arm("DELETE", VAULT, ""));
        expect(200, rig.arm("POST", deleted("purge"), ""));

        assertRecorded(
                before,
                "vaults/write",
                "vaults/write",
                "vaults/accessPolicies/write",
                "vaults/keys/write",
                "vaults/delete",
                "locations/deletedVaults/purge/action");
        assertThat(rig.recordedBehind(before)).extracting(AuditRecord::door).containsOnly(Call.Door.ARM);
    }

    @Test
    void localRolesOfAnHsm_areRecorded() {
        rig.makeHsm();
        String target = "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID();
        long before = rig.recorded();

        expect(201, rig.hsm("PUT", target, """
                {"properties": {"roleDefinitionId": "%s", "principalId": "%s"}}""".formatted(
                        HsmRoles.CRYPTO_USER.id(), rig.caller("user").principal())));
        expect(200, rig.hsm("DELETE", target, ""));
        assertThat(rig.hsm("DELETE", target, "").status()).isEqualTo(404);
        assertThat(rig.as("user@hsm", KeyVaultRig.HSM_HOST, "PUT", target, "{").status())
                .isEqualTo(403);

        assertThat(rig.recordedBehind(before))
                .extracting(
                        r -> r.action().replace("Microsoft.KeyVault/managedHsm/roleAssignments/", ""), r -> r.outcome())
                .containsExactly(
                        tuple("write/action", Outcome.ALLOWED),
                        tuple("delete/action", Outcome.ALLOWED),
                        tuple("delete/action", Outcome.FAILED),
                        tuple("write/action", Outcome.REFUSED));
    }

    private String policy(String who) {
        return """
                {"properties": {"accessPolicies": [{"tenantId": "%s", "objectId": "%s",
                 "permissions": {"keys": ["create", "get"]}}]}}""".formatted(KeyVaultRig.TENANT, rig.caller(who).principal());
    }

    private static String deleted(String verb) {
        return "/subscriptions/" + KeyVaultRig.SUB
                + "/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/v-one/" + verb;
    }

    @Test
    void writeWhoseRecordIsNotTaken_isNotThere_andTheKeyIsDestroyed() {
        rig.makeVault(false);
        notTaken = r -> r.outcome() == Outcome.ALLOWED;

        assertThat(rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}").status())
                .isEqualTo(503);
        assertThat(rig.arm("DELETE", VAULT, "").status()).isEqualTo(503);

        assertThat(backend.calls).endsWith("destroy");
        assertThat(rig.vault("GET", "/keys/k", "").status()).isEqualTo(404);
        assertThat(rig.recordedBehind(0).getLast().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void writeThatFails_leavesNoRecordThatItWasDone() {
        rig.makeVault(false);
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        long before = rig.recorded();

        assertThat(rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}").status())
                .isEqualTo(409);

        assertThat(rig.recordedBehind(before)).singleElement().satisfies(r -> {
            assertThat(r.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(r.code()).contains("Conflict");
        });
    }

    @Test
    void whoLosesTheAccessPolicy_whileTheKeyIsMade_isRefusedInside() {
        expect(201, rig.arm("PUT", VAULT, KeyVaultRig.vaultBody("premium", false, true)));
        expect(200, rig.arm("PUT", VAULT + "/accessPolicies/add", policy("owner")));
        backend.whileMaking = () -> expect(200, rig.arm("PUT", VAULT + "/accessPolicies/remove", policy("owner")));

        assertRefusedInside("ForbiddenByPolicy");
    }

    @Test
    void whenTheVaultIsTakenFromItsPolicies_whileTheKeyIsMade_theyGiveNothing() {
        expect(201, rig.arm("PUT", VAULT, KeyVaultRig.vaultBody("premium", false, true)));
        expect(200, rig.arm("PUT", VAULT + "/accessPolicies/add", policy("user")));
        backend.whileMaking =
                () -> expect(200, rig.arm("PATCH", VAULT, "{\"properties\":{\"enableRbacAuthorization\":true}}"));

        assertThat(rig.as("user@vault", KeyVaultRig.VAULT_HOST, "POST", "/keys/k/create", "{\"kty\":\"EC\"}")
                        .status())
                .isEqualTo(403);
        assertThat(rig.recordedBehind(0).getLast().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(backend.calls).endsWith("destroy");
    }

    @Test
    void whoLosesTheRole_whileTheKeyIsMade_isRefusedInside() {
        rig.makeVault(true);
        backend.whileMaking = () -> rig.revokeAll(new Scope("/subscriptions/" + KeyVaultRig.SUB));

        assertRefusedInside("ForbiddenByRbac");
    }

    private void assertRefusedInside(String inner) {
        long before = rig.recorded();

        var answer = rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}");

        assertThat(KeyVaultRig.refusal(403, answer)).isEqualTo("Forbidden/" + inner);
        assertThat(backend.calls).endsWith("destroy");
        assertThat(rig.recordedBehind(before).getLast()).satisfies(r -> {
            assertThat(r.action()).isEqualTo("Microsoft.KeyVault/vaults/keys/create/action");
            assertThat(r.outcome()).isEqualTo(Outcome.REFUSED);
        });
    }

    @Test
    void flagThatTheCallerMayNotFlip_isRecordedAsRefused_underTheRightThatItTakes() {
        expect(201, rig.arm("PUT", VAULT, KeyVaultRig.vaultBody("premium", true, true)));
        rig.grant("writer", "/subscriptions/" + KeyVaultRig.SUB, Roles.CONTRIBUTOR);
        String off = "{\"properties\":{\"enableRbacAuthorization\":false}}";

        assertThat(rig.armAs("writer", "PATCH", VAULT, off).status()).isEqualTo(403);

        assertThat(rig.recordedBehind(0).getLast()).satisfies(r -> {
            assertThat(r.action()).isEqualTo("Microsoft.Authorization/roleAssignments/write");
            assertThat(r.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(r.code()).contains("InsufficientPermissions");
        });
    }

    @Test
    void whatTheServerDoesByItself_isRecordedAsTheServers() {
        rig.makeVault(true);
        expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        expect(200, rig.vault("PUT", "/keys/k/rotationpolicy", """
                {"lifetimeActions": [{"action": {"type": "Rotate"}, "trigger": {"timeAfterCreate": "P30D"}}]}"""));
        long before = rig.recorded();

        rig.clock.advance(Duration.ofDays(30));
        assertThat(rig.services.rotation().rotateDue(rig.clock.instant())).isEqualTo(1);
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        rig.clock.advance(Duration.ofDays(91));
        assertThat(rig.services.deleted().purgeDue(rig.clock.instant())).isEqualTo(1);
        expect(200, rig.arm("DELETE", VAULT, ""));
        rig.clock.advance(Duration.ofDays(91));
        assertThat(rig.deletedVaults.purgeDue(rig.clock.instant())).isEqualTo(1);

        List<AuditRecord> own = rig.recordedBehind(before).stream()
                .filter(r -> r.door() == Call.Door.SERVER)
                .toList();
        assertThat(own)
                .extracting(AuditRecord::action)
                .containsExactly(
                        "Microsoft.KeyVault/vaults/keys/rotate/action",
                        "Microsoft.KeyVault/vaults/keys/purge/action",
                        "Microsoft.KeyVault/locations/deletedVaults/purge/action");
        assertThat(own).allSatisfy(r -> {
            assertThat(r.callerName()).isEqualTo("Keyturn");
            assertThat(r.outcome()).isEqualTo(Outcome.ALLOWED);
        });
    }

    @Test
    void purgeThatIsDue_ofAKeyInUse_isRecordedAsFailed_onceADay() {
        rig.makeVault(true);
        var made = expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        rig.inUse.keys.add(KeyId.parse(made.path("key").path("kid").asString()).orElseThrow());
        rig.clock.advance(Duration.ofDays(91));
        long before = rig.recorded();

        assertThat(rig.services.deleted().purgeDue(rig.clock.instant())).isZero();
        assertThat(rig.services.deleted().purgeDue(rig.clock.instant())).isZero();

        assertThat(rig.recordedBehind(before)).singleElement().satisfies(r -> {
            assertThat(r.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(r.door()).isEqualTo(Call.Door.SERVER);
        });
    }
}

package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a disk encryption set reaches its key: as its own identity, asked at every call (R8: vault and HSM alike). */
class CustomerKeysTest {
    private static final String KEY = """
            {"kty": "RSA-HSM", "key_size": 3072, "key_ops": ["wrapKey", "unwrapKey"],
             "attributes": {"exportable": true}, "release_policy": {"data": "POLICY"}}""".replace("POLICY", RecordedKeysTest.POLICY);

    @TempDir
    Path directory;

    private KeyVaultRig rig;
    private CustomerKeys keys;
    private PrincipalId set;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
        rig.makeHsm();
        keys = rig.services.customerKeys();
        set = rig.caller("set").principal();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private KeyId create(boolean hsm) {
        var made = hsm ? rig.hsm("POST", "/keys/cmk/create", KEY) : rig.vault("POST", "/keys/cmk/create", KEY);
        return KeyId.parse(expect(200, made).path("key").path("kid").asString()).orElseThrow();
    }

    private void grant(boolean hsm) {
        Role role = hsm ? HsmRoles.CRYPTO_SERVICE_ENCRYPTION_USER : Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER;
        rig.grant("set", hsm ? "/hsm/h-one/keys/cmk" : KeyVaultRig.VAULTS + "/v-one", role);
    }

    private void patch(KeyId key, String body) {
        String path = "/keys/" + key.name() + "/" + key.version();
        expect(200, key.authority().startsWith("h-") ? rig.hsm("PATCH", path, body) : rig.vault("PATCH", path, body));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R8_wrapAndUnwrap_asTheSetsIdentity(boolean hsm) {
        KeyId key = create(hsm);
        grant(hsm);
        byte[] wrapped;
        try (SecretBytes secret = SecretBytes.copyOf(new byte[32])) {
            wrapped = keys.wrap(set, key, secret);
        }

        try (SecretBytes opened = keys.unwrap(set, key, wrapped)) {
            assertThat(opened.reveal(byte[]::clone)).isEqualTo(new byte[32]);
        }
        KeyId otherPort = new KeyId(key.authority().replace(":8443", ""), "CMK", key.version());
        keys.unwrap(set, otherPort, wrapped).close();
        assertThatThrownBy(() -> keys.unwrap(set, key, new byte[384]))
                .hasMessageContaining("KeyVaultUnwrapFailed")
                .hasMessageContaining(key.url());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R8_facts_sayWhatTheKeyIsAndWhatTheIdentityMay(boolean hsm) {
        KeyId key = create(hsm);

        KeyFacts before = keys.facts(set, key).orElseThrow();
        assertThat(before.permitted()).isEmpty();
        grant(hsm);
        KeyFacts facts = keys.facts(set, key).orElseThrow();

        assertThat(facts.permitted()).isEqualTo(Set.of("get", "wrapKey", "unwrapKey"));
        assertThat(facts.keyType()).isEqualTo("RSA-HSM");
        assertThat(facts.bits()).isEqualTo(3072);
        assertThat(facts.operations()).isEqualTo(Set.of("wrapKey", "unwrapKey"));
        assertThat(facts.exportable()).isTrue();
        assertThat(facts.hasReleasePolicy()).isTrue();
        assertThat(facts.inManagedHsm()).isEqualTo(hsm);
        assertThat(facts.premiumVault()).isTrue();
        assertThat(facts.purgeProtection()).isEqualTo(!hsm);
        assertThat(facts.location()).isEqualTo("westeurope");
    }

    @Test
    void access_isAskedAtEveryCall() {
        KeyId key = create(false);

        assertRefused(key, "KeyVaultAccessForbidden");
        grant(false);
        byte[] wrapped = wrap(key);
        expect(
                200,
                rig.arm(
                        "PATCH",
                        KeyVaultRig.VAULTS + "/v-one",
                        "{\"properties\":{\"enableRbacAuthorization\":false}}"));
        assertThatThrownBy(() -> keys.unwrap(set, key, wrapped)).hasMessageContaining("KeyVaultAccessForbidden");
    }

    @Test
    void keyThatIsRecoveredBehindTheQuestion_isAskedAboutBeforeItIsUsed() {
        KeyId key = create(false);
        long before = rig.recorded();

        rig.unseen = 1;
        assertRefused(key, "KeyVaultAccessForbidden");

        assertThat(rig.unseen).isZero();
        assertThat(rig.recordedBehind(before)).extracting(AuditRecord::outcome).containsExactly(Outcome.REFUSED);
    }

    @Test
    void refusedAccess_namesWhatWouldHelp_inThatKindOfVault() {
        KeyId inVault = create(false);
        KeyId inHsm = create(true);
        assertThatThrownBy(() -> wrap(inVault)).hasMessageContaining("role Key Vault Crypto Service Encryption User");
        assertThatThrownBy(() -> wrap(inHsm))
                .hasMessageContaining("local role Managed HSM Crypto Service Encryption User")
                .hasMessageContaining("h-one");
        expect(
                200,
                rig.arm(
                        "PATCH",
                        KeyVaultRig.VAULTS + "/v-one",
                        "{\"properties\":{\"enableRbacAuthorization\":false}}"));
        assertThatThrownBy(() -> wrap(inVault))
                .hasMessageContaining("get, wrapKey and unwrapKey in an access policy of vault 'v-one'");
    }

    @Test
    void disabledOrDeletedKey_isRefusedBothWays_andExpiredOneOnlyWraps() {
        KeyId key = create(false);
        grant(false);
        byte[] wrapped = wrap(key);

        patch(key, "{\"attributes\":{\"enabled\":false}}");
        assertRefused(key, "KeyVaultKeyNotEnabled");
        assertThatThrownBy(() -> keys.unwrap(set, key, wrapped)).hasMessageContaining("KeyVaultKeyNotEnabled");
        patch(key, "{\"attributes\":{\"enabled\":true,\"exp\":1000}}");
        assertRefused(key, "KeyExpired");
        keys.unwrap(set, key, wrapped).close();

        expect(200, rig.vault("DELETE", "/keys/cmk", ""));
        assertThatThrownBy(() -> keys.unwrap(set, key, wrapped))
                .hasMessageContaining("KeyVaultKeyNotFound")
                .hasMessageContaining("deleted");
        assertThat(keys.facts(set, key)).isEmpty();
    }

    @Test
    void unknownVaultOrVersion_isRefusedByName() {
        KeyId key = create(false);
        grant(false);

        assertRefused(new KeyId("nowhere.vault.keyturn.test:8443", "cmk", key.version()), "KeyVaultNotFound");
        assertRefused(new KeyId("v-one.vault.azure.net", "cmk", key.version()), "v-one.vault.azure.net");
        assertRefused(new KeyId(key.authority(), "cmk", "0".repeat(32)), "KeyVaultKeyNotFound");
        assertThat(keys.facts(set, new KeyId(key.authority(), "cmk", "0".repeat(32))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachUse_isRecordedAsTheSetsIdentitys_alsoTheRefusedAndTheFailed_andFactsAreNot(boolean hsm) {
        KeyId key = create(hsm);
        long before = rig.recorded();
        assertRefused(key, "KeyVaultAccessForbidden");
        grant(hsm);
        byte[] wrapped = wrap(key);
        keys.unwrap(set, new KeyId(key.authority().replace(":8443", ""), "CMK", key.version()), wrapped)
                .close();
        assertThatThrownBy(() -> keys.unwrap(set, key, new byte[384])).hasMessageContaining("KeyVaultUnwrapFailed");
        assertThat(keys.facts(set, key)).isPresent();
        KeyId nowhere = new KeyId("nowhere.vault.keyturn.test:8443", "cmk", key.version());
        assertRefused(nowhere, "KeyVaultNotFound");

        String of = "Microsoft.KeyVault/" + (hsm ? "managedHsm" : "vaults") + "/keys/";
        assertThat(rig.recordedBehind(before))
                .extracting(
                        AuditRecord::action,
                        AuditRecord::outcome,
                        r -> r.target().orElse(""),
                        r -> r.code().orElse(""))
                .containsExactly(
                        tuple(of + "wrap/action", Outcome.REFUSED, key.reference(), "KeyVaultAccessForbidden"),
                        tuple(of + "wrap/action", Outcome.ALLOWED, key.reference(), ""),
                        tuple(of + "unwrap/action", Outcome.ALLOWED, key.reference(), ""),
                        tuple(of + "unwrap/action", Outcome.FAILED, key.reference(), "KeyVaultUnwrapFailed"),
                        tuple(
                                "Microsoft.KeyVault/vaults/keys/wrap/action",
                                Outcome.FAILED,
                                nowhere.reference(),
                                "KeyVaultNotFound"));
        assertThat(rig.recordedBehind(before)).allSatisfy(r -> {
            assertThat(r.caller()).isEqualTo(set);
            assertThat(r.callerName()).isEqualTo("set");
            assertThat(r.door()).isEqualTo(Call.Door.SERVER);
        });
    }

    private byte[] wrap(KeyId key) {
        try (SecretBytes secret = SecretBytes.copyOf(new byte[32])) {
            return keys.wrap(set, key, secret);
        }
    }

    private void assertRefused(KeyId key, String named) {
        assertThatThrownBy(() -> wrap(key))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining(named)
                .hasMessageContaining(key.url());
    }
}

package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.models.EncryptionAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.KeyWrapAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import com.azure.security.keyvault.keys.models.CreateEcKeyOptions;
import com.azure.security.keyvault.keys.models.CreateOctKeyOptions;
import com.azure.security.keyvault.keys.models.CreateRsaKeyOptions;
import com.azure.security.keyvault.keys.models.JsonWebKey;
import com.azure.security.keyvault.keys.models.KeyCurveName;
import com.azure.security.keyvault.keys.models.KeyOperation;
import com.azure.security.keyvault.keys.models.KeyProperties;
import com.azure.security.keyvault.keys.models.KeyRotationLifetimeAction;
import com.azure.security.keyvault.keys.models.KeyRotationPolicy;
import com.azure.security.keyvault.keys.models.KeyRotationPolicyAction;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The keys of a vault and a managed HSM (R8), as Azure's SDK for Java uses them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysWithAzureSdkTest {
    private static final byte[] TEXT = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    private final ServerProcess server = ServerProcess.shared();
    private final Azure azure = new Azure(server.env());
    private final Ground ground = Ground.on(server, "sdkkeys");
    private final KeyClient keys = azure.keys(ground.vault());

    @AfterAll
    void close() {
        ground.close();
    }

    @Test
    void anRsaKey_wrapsUnwrapsEncryptsAndSigns() {
        KeyVaultKey key = keys.createRsaKey(new CreateRsaKeyOptions("rsa").setKeySize(2048));
        CryptographyClient crypto = azure.crypto(key.getId());

        byte[] wrapped = crypto.wrapKey(KeyWrapAlgorithm.RSA_OAEP_256, TEXT).getEncryptedKey();
        assertThat(crypto.unwrapKey(KeyWrapAlgorithm.RSA_OAEP_256, wrapped).getKey())
                .isEqualTo(TEXT);
        byte[] sealed = crypto.encrypt(EncryptionAlgorithm.RSA_OAEP, TEXT).getCipherText();
        assertThat(crypto.decrypt(EncryptionAlgorithm.RSA_OAEP, sealed).getPlainText())
                .isEqualTo(TEXT);
        byte[] signature = crypto.signData(SignatureAlgorithm.PS256, TEXT).getSignature();
        assertThat(crypto.verifyData(SignatureAlgorithm.PS256, TEXT, signature).isValid())
                .isTrue();
        signature[0] ^= 1;
        assertThat(crypto.verifyData(SignatureAlgorithm.PS256, TEXT, signature).isValid())
                .isFalse();
    }

    @Test
    void anEcKey_signs() {
        KeyVaultKey key = keys.createEcKey(new CreateEcKeyOptions("ec").setCurveName(KeyCurveName.P_256));
        CryptographyClient crypto = azure.crypto(key.getId());

        byte[] signature = crypto.signData(SignatureAlgorithm.ES256, TEXT).getSignature();
        assertThat(signature).hasSize(64);
        assertThat(crypto.verifyData(SignatureAlgorithm.ES256, TEXT, signature).isValid())
                .isTrue();
    }

    @Test
    void R8_aManagedHsm_hasSymmetricKeysAndRandomBytes() {
        Hsm.create(ground, "sdkkeys-hsm");
        KeyClient hsm = azure.hsmKeys("sdkkeys-hsm");
        KeyVaultKey key =
                hsm.createOctKey(new CreateOctKeyOptions("oct").setKeySize(256).setHardwareProtected(true));
        CryptographyClient crypto = azure.crypto(key.getId());

        byte[] wrapped = crypto.wrapKey(KeyWrapAlgorithm.A256KW, TEXT).getEncryptedKey();
        assertThat(crypto.unwrapKey(KeyWrapAlgorithm.A256KW, wrapped).getKey()).isEqualTo(TEXT);
        assertThat(hsm.getRandomBytes(32)).hasSize(32).isNotEqualTo(hsm.getRandomBytes(32));
    }

    @Test
    void versions_areListed_andTheNewestIsTheKey() {
        KeyVaultKey first = keys.createRsaKey(new CreateRsaKeyOptions("versioned").setKeySize(2048));
        KeyVaultKey second = keys.rotateKey("versioned");

        assertThat(keys.listPropertiesOfKeyVersions("versioned"))
                .extracting(KeyProperties::getVersion)
                .containsExactlyInAnyOrder(
                        first.getProperties().getVersion(),
                        second.getProperties().getVersion());
        assertThat(keys.getKey("versioned").getId()).isEqualTo(second.getId());
        assertThat(keys.getKey("versioned", first.getProperties().getVersion()).getId())
                .isEqualTo(first.getId());
        assertThat(keys.listPropertiesOfKeys())
                .extracting(KeyProperties::getName)
                .contains("versioned");
    }

    @Test
    void aDisabledVersion_refusesEveryUse() {
        KeyVaultKey key = keys.createRsaKey(new CreateRsaKeyOptions("off").setKeySize(2048));
        CryptographyClient crypto = azure.crypto(key.getId());
        byte[] wrapped = crypto.wrapKey(KeyWrapAlgorithm.RSA_OAEP, TEXT).getEncryptedKey();
        keys.updateKeyProperties(key.getProperties().setEnabled(false));

        assertThatThrownBy(() -> azure.crypto(key.getId()).unwrapKey(KeyWrapAlgorithm.RSA_OAEP, wrapped))
                .hasStackTraceContaining("KeyDisabled");
    }

    @Test
    void aDeletedKey_canBeRecovered_butNotPurgedWhereItIsProtected() {
        KeyVaultKey key = keys.createRsaKey(new CreateRsaKeyOptions("gone").setKeySize(2048));
        keys.beginDeleteKey("gone").waitForCompletion();
        assertThatThrownBy(() -> keys.getKey("gone")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(keys.getDeletedKey("gone").getScheduledPurgeDate()).isNotNull();
        assertThatThrownBy(() -> keys.purgeDeletedKey("gone"))
                .isInstanceOfSatisfying(
                        HttpResponseException.class,
                        e -> assertThat(e.getResponse().getStatusCode()).isEqualTo(403));

        keys.beginRecoverDeletedKey("gone").waitForCompletion();
        assertThat(keys.getKey("gone").getId()).isEqualTo(key.getId());
    }

    @Test
    void aBackup_isSealed_andRestoresEveryVersion() {
        KeyVaultKey key = keys.createRsaKey(new CreateRsaKeyOptions("kept").setKeySize(2048));
        byte[] backup = keys.backupKey("kept");

        assertThat(new String(backup, StandardCharsets.ISO_8859_1)).doesNotContain("\"d\"");
        assertThatThrownBy(() -> keys.restoreKeyBackup(backup))
                .isInstanceOfSatisfying(
                        HttpResponseException.class,
                        e -> assertThat(e.getResponse().getStatusCode()).isEqualTo(409));
        byte[] broken = Arrays.copyOf(backup, backup.length);
        broken[broken.length / 2] ^= 1;
        assertThatThrownBy(() -> keys.restoreKeyBackup(broken)).isInstanceOf(HttpResponseException.class);
        assertThat(keys.getKey("kept").getId()).isEqualTo(key.getId());
    }

    @Test
    void anImportedKey_isUsedLikeOneMadeHere() throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        KeyVaultKey key = keys.importKey(
                "brought", JsonWebKey.fromRsa(pair).setKeyOps(List.of(KeyOperation.SIGN, KeyOperation.VERIFY)));

        assertThat(key.getKey().getD()).isNull();
        byte[] signature = azure.crypto(key.getId())
                .signData(SignatureAlgorithm.RS256, TEXT)
                .getSignature();
        assertThat(signature).hasSize(256);
    }

    @Test
    void aRotationPolicy_isKept() {
        keys.createRsaKey(new CreateRsaKeyOptions("planned").setKeySize(2048));
        keys.updateKeyRotationPolicy(
                "planned",
                new KeyRotationPolicy()
                        .setExpiresIn("P1Y")
                        .setLifetimeActions(List.of(new KeyRotationLifetimeAction(KeyRotationPolicyAction.ROTATE)
                                .setTimeBeforeExpiry("P30D"))));

        KeyRotationPolicy policy = keys.getKeyRotationPolicy("planned");
        assertThat(policy.getExpiresIn()).isEqualTo("P1Y");
        assertThat(policy.getLifetimeActions())
                .anyMatch(a ->
                        a.getAction().equals(KeyRotationPolicyAction.ROTATE) && "P30D".equals(a.getTimeBeforeExpiry()));
    }
}

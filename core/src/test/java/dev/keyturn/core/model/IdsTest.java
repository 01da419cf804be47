package dev.keyturn.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    private static final String VERSION = "0123456789abcdef0123456789ABCDEF";

    @Test
    void armId_comparesWithoutCase_andPrintsAsWritten() {
        ArmId a = ArmId.parse("/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/disks/D")
                .orElseThrow();
        ArmId b = ArmId.parse("//SUBSCRIPTIONS/s/resourcegroups/g/providers/microsoft.compute/Disks/d/")
                .orElseThrow();
        assertThat(a).isEqualTo(b).hasSameHashCodeAs(b);
        assertThat(a.key()).isEqualTo(b.key());
        assertThat(a).hasToString("/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/disks/D");
        assertThat(a.group()).isEqualTo(ArmId.group("s", "g"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "/subscriptions/S",
                "/subscriptions/S/resourceGroups",
                "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/disks",
                "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/disks/D/more",
                "/subscriptions/S/resourceGroups/G/providers/microsoft.resources/resourcegroups/H"
            })
    void headId_ofAnythingElse_isNone(String text) {
        assertThat(ArmId.parseHead(text)).isEmpty();
    }

    @Test
    void keyId_keepsThePort_andComparesHostAndNameWithoutCase() {
        KeyId a = KeyId.parse("https://V.vault.keyturn.localhost:8443/keys/Cmk/" + VERSION)
                .orElseThrow();
        KeyId b = KeyId.parse("https://v.vault.keyturn.localhost:8443//keys/cmk/"
                        + VERSION.toLowerCase(java.util.Locale.ROOT) + "/")
                .orElseThrow();
        assertThat(a).isEqualTo(b).hasSameHashCodeAs(b);
        assertThat(a.url())
                .isEqualTo("https://v.vault.keyturn.localhost:8443/keys/Cmk/"
                        + VERSION.toLowerCase(java.util.Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "11111111-2222-3333-444455-5555555555",
                "11111111-2222-3333-4444-5555555555555",
                "{11111111-2222-3333-4444-555555555555}",
                " 11111111-2222-3333-4444-555555555555",
                "1111111122223333444455555555555555"
            })
    void guid_ofAnythingNearlyOne_isNone(String text) {
        assertThat(Guid.parse(text)).isEmpty();
    }

    @Test
    void guid_inEitherCase_isTheSame() {
        assertThat(Guid.parse("ABCDEF11-2222-3333-4444-555555555555"))
                .isPresent()
                .isEqualTo(Guid.parse("abcdef11-2222-3333-4444-555555555555"));
    }

    @Test
    void keyId_isTheSameKey_underAnotherPortOrNone() {
        KeyId a = KeyId.parse("https://v.vault.x:8443/keys/cmk/" + VERSION).orElseThrow();
        KeyId b = KeyId.parse("https://v.vault.x/keys/CMK/" + VERSION).orElseThrow();
        KeyId other = KeyId.parse("https://w.vault.x:8443/keys/cmk/" + VERSION).orElseThrow();
        assertThat(a).isEqualTo(b).hasSameHashCodeAs(b).isNotEqualTo(other);
        assertThat(a.reference()).isEqualTo(b.reference());
        assertThat(a.url()).contains(":8443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://v.vault.x/keys/k/" + VERSION,
                "https://v.vault.x/keys/k",
                "https://v.vault.x/keys/k/123",
                "https://v.vault.x/keys/k/" + VERSION + "?a=b",
                "https://user@v.vault.x/keys/k/" + VERSION,
                "https://v.vault.x/secrets/k/" + VERSION,
                "https:// /keys/k/" + VERSION,
                "keys/k/" + VERSION
            })
    void keyId_ofAnythingElse_isNone(String text) {
        assertThat(KeyId.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kv.vault.keyturn.localhost:8443, https://kv.vault./keys/cmk/",
        "kv.vault.other.test, https://kv.vault./keys/cmk/",
        "kv.vault, https://kv.vault/keys/cmk/",
        "kv:8443, https://kv/keys/cmk/",
        "[::1]:8443, https://[::1]/keys/cmk/",
    })
    void keyId_isTakenApartInOnePlace_andStaysTheSameInAnotherDomain(String authority, String anywhere) {
        KeyId key = new KeyId(authority, "Cmk", VERSION);
        assertThat(KeyId.stored(key.url())).isEqualTo(key).hasToString(key.url());
        assertThat(key.referenceInAnyDomain()).isEqualTo(anywhere + key.version());
        assertThat(key.path()).isEqualTo("/keys/Cmk/" + key.version());
        assertThat(key.url()).isEqualTo("https://" + authority + key.path());
        assertThat(key.vault()).isEqualTo(key.host().split("\\.", 2)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https:///keys/", "https://v/keys/k", "https://v/secrets/k/1", "http://v/keys/k/1"})
    void whatNoKeyIdWrote_isNotReadFromStore(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyId.stored(text));
    }

    @Test
    void secretBytes_printNothing_andAreZeroedOnClose() {
        byte[] bytes = {1, 2, 3};
        SecretBytes secret = SecretBytes.adopt(bytes);
        assertThat(secret.toString()).doesNotContain("1").contains("redacted");
        secret.close();
        assertThat(bytes).containsOnly(0);
        assertThatThrownBy(() -> secret.reveal(b -> b)).isInstanceOf(IllegalStateException.class);
    }
}

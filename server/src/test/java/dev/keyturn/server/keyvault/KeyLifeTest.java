package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static dev.keyturn.server.keyvault.KeyVaultRig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.KeyId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** From a key's creation to its purge. */
class KeyLifeTest {
    @TempDir
    Path directory;

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(false);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private ObjectNode create(String name) {
        return expect(200, rig.vault("POST", "/keys/" + name + "/create", "{\"kty\":\"EC\"}"));
    }

    private static String kid(ObjectNode bundle) {
        return bundle.path("key").path("kid").asString();
    }

    private static String path(ObjectNode bundle) {
        return kid(bundle).substring(("https://" + KeyVaultRig.VAULT_HOST).length());
    }

    @Test
    void create_answersABundleThatGetRepeats() {
        ObjectNode made = expect(200, rig.vault("POST", "/keys/k1/create", """
                        {"kty": "rsa-hsm", "key_size": 3072, "key_ops": ["wrapKey", "unwrapKey"],
                         "attributes": {"enabled": true, "exp": 1893456000, "nbf": null}, "tags": {"a": "b"},
                         "crv": null, "release_policy": null}"""));

        assertThat(KeyId.parse(kid(made))).isPresent();
        assertThat(made.path("key").path("kty").asString()).isEqualTo("RSA-HSM");
        assertThat(made.path("key").path("key_ops").toString()).isEqualTo("[\"wrapKey\",\"unwrapKey\"]");
        assertThat(Base64.getUrlDecoder().decode(made.path("key").path("n").asString()))
                .hasSize(384);
        assertThat(made.path("key").path("e").asString()).isEqualTo("AQAB");
        assertThat(made.path("attributes").path("exp").asLong()).isEqualTo(1893456000);
        assertThat(made.path("attributes").path("recoveryLevel").asString()).isEqualTo("Recoverable+Purgeable");
        assertThat(made.path("tags").path("a").asString()).isEqualTo("b");
        assertThat(expect(200, rig.vault("GET", path(made), ""))).isEqualTo(made);
        assertThat(expect(200, rig.vault("GET", "/keys/K1/", ""))).isEqualTo(made);
    }

    @Test
    void create_again_makesAVersionThatIsTheLatest() {
        ObjectNode first = create("k");
        ObjectNode second = create("k");

        assertThat(kid(second)).isNotEqualTo(kid(first));
        assertThat(expect(200, rig.vault("GET", "/keys/k", ""))).isEqualTo(second);
        assertThat(expect(200, rig.vault("GET", path(first), ""))).isEqualTo(first);
        assertThat(refusal(404, rig.vault("GET", "/keys/k/" + "0".repeat(32), "")))
                .isEqualTo("KeyNotFound");
        assertThat(refusal(404, rig.vault("GET", "/keys/none", ""))).isEqualTo("KeyNotFound");
    }

    @Test
    void lists_arePagedToTheirEndWithoutLossOrRepeat() {
        List<String> names = List.of("a1", "B2", "c3", "d4", "e5");
        names.forEach(this::create);
        List<String> seen = new ArrayList<>();
        Optional<String> next = Optional.of("/keys?maxresults=2");
        int pages = 0;
        while (next.isPresent()) {
            ObjectNode page = expect(200, rig.vault("GET", next.get(), ""));
            page.path("value").forEach(v -> seen.add(v.path("kid").asString()));
            next = Optional.ofNullable(page.path("nextLink").asStringOpt().orElse(null))
                    .map(l -> l.substring(("https://" + KeyVaultRig.VAULT_HOST).length()));
            pages++;
        }
        assertThat(pages).isEqualTo(3);
        assertThat(seen)
                .containsExactlyElementsOf(names.stream()
                        .map(n -> "https://" + KeyVaultRig.VAULT_HOST + "/keys/" + n)
                        .toList());

        create("a1");
        create("a1");
        ObjectNode versions = expect(200, rig.vault("GET", "/keys/a1/versions", ""));
        assertThat(versions.path("value").size()).isEqualTo(3);
        assertThat(versions.has("nextLink")).isFalse();
        assertThat(expect(200, rig.vault("GET", "/keys/none/versions", ""))
                        .path("value")
                        .size())
                .isZero();
        assertThat(refusal(400, rig.vault("GET", "/keys?maxresults=26", ""))).isEqualTo("BadParameter");
        assertThat(refusal(400, rig.vault("GET", "/keys?$skiptoken=%25", ""))).isEqualTo("BadParameter");
    }

    @Test
    void update_afterTheClockWasSetBack_isNotShownBeforeTheCreation() {
        ObjectNode made = expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}"));
        rig.clock.advance(Duration.ofHours(-1));

        ObjectNode updated = expect(200, rig.vault("PATCH", "/keys/k", "{\"tags\":{\"a\":\"b\"}}"));

        assertThat(updated.path("attributes").path("updated"))
                .isEqualTo(made.path("attributes").path("created"));
    }

    @Test
    void update_changesWhatIsSaidAndKeepsTheRest() {
        ObjectNode made = expect(200, rig.vault("POST", "/keys/k/create", "{\"kty\":\"RSA\",\"tags\":{\"a\":\"b\"}}"));
        rig.clock.advance(Duration.ofSeconds(5));

        ObjectNode disabled =
                expect(200, rig.vault("PATCH", path(made), "{\"attributes\":{\"enabled\":false},\"tags\":null}"));
        assertThat(disabled.path("attributes").path("enabled").asBoolean()).isFalse();
        assertThat(disabled.path("tags")).isEqualTo(made.path("tags"));
        assertThat(disabled.path("key")).isEqualTo(made.path("key"));
        assertThat(disabled.path("attributes").path("updated").asLong())
                .isEqualTo(made.path("attributes").path("updated").asLong() + 5);

        ObjectNode limited = expect(200, rig.vault("PATCH", "/keys/k", "{\"key_ops\":[\"sign\"],\"tags\":{}}"));
        assertThat(limited.path("key").path("key_ops").toString()).isEqualTo("[\"sign\"]");
        assertThat(limited.path("tags").size()).isZero();
        assertThat(refusal(400, rig.vault("PATCH", "/keys/k", "{\"key_ops\":[\"fly\"]}")))
                .isEqualTo("BadParameter");
        assertThat(refusal(400, rig.vault("PATCH", "/keys/k", "{\"attributes\":{\"exportable\":true}}")))
                .isEqualTo("BadParameter");
    }

    @Test
    void delete_thenRecover_bringsBackAllVersions() {
        ObjectNode first = create("k");
        ObjectNode second = create("k");

        ObjectNode deleted = expect(200, rig.vault("DELETE", "/keys/k", ""));
        assertThat(deleted.path("recoveryId").asString())
                .isEqualTo("https://" + KeyVaultRig.VAULT_HOST + "/deletedkeys/k");
        assertThat(deleted.path("scheduledPurgeDate").asLong()
                        - deleted.path("deletedDate").asLong())
                .isEqualTo(Duration.ofDays(90).toSeconds());
        assertThat(refusal(404, rig.vault("GET", path(first), ""))).isEqualTo("KeyNotFound");
        assertThat(refusal(409, rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}")))
                .isEqualTo("Conflict/ObjectIsDeletedButRecoverable");
        assertThat(refusal(404, rig.vault("DELETE", "/keys/k", ""))).isEqualTo("KeyNotFound");
        assertThat(expect(200, rig.vault("GET", "/deletedkeys/k", ""))).isEqualTo(deleted);
        assertThat(expect(200, rig.vault("GET", "/deletedkeys", ""))
                        .path("value")
                        .size())
                .isEqualTo(1);

        assertThat(expect(200, rig.vault("POST", "/deletedkeys/k/recover", ""))).isEqualTo(second);
        assertThat(expect(200, rig.vault("GET", path(first), ""))).isEqualTo(first);
        assertThat(refusal(404, rig.vault("GET", "/deletedkeys/k", ""))).isEqualTo("KeyNotFound");
    }

    @Test
    void purge_deletesForGood_andFreesTheName() {
        create("k");
        expect(200, rig.vault("DELETE", "/keys/k", ""));
        assertThat(refusal(404, rig.vault("DELETE", "/deletedkeys/other", ""))).isEqualTo("KeyNotFound");

        expect(204, rig.vault("DELETE", "/deletedkeys/k", ""));

        assertThat(refusal(404, rig.vault("POST", "/deletedkeys/k/recover", "")))
                .isEqualTo("KeyNotFound");
        create("k");
        assertThat(expect(200, rig.vault("GET", "/keys/k/versions", ""))
                        .path("value")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void purge_underPurgeProtection_isRefusedUntilTheRetentionEnds() {
        expect(
                200,
                rig.arm("PATCH", KeyVaultRig.VAULTS + "/v-one", "{\"properties\":{\"enablePurgeProtection\":true}}"));
        create("k");
        expect(200, rig.vault("DELETE", "/keys/k", ""));

        assertThat(refusal(403, rig.vault("DELETE", "/deletedkeys/k", "")))
                .isEqualTo("Forbidden/PurgeProtectionEnabled");

        assertThat(rig.services.deleted().purgeDue(rig.clock.instant().plus(Duration.ofDays(89))))
                .isZero();
        assertThat(rig.services.deleted().purgeDue(rig.clock.instant().plus(Duration.ofDays(90))))
                .isEqualTo(1);
        assertThat(refusal(404, rig.vault("GET", "/deletedkeys/k", ""))).isEqualTo("KeyNotFound");
    }

    @Test
    void deleteAndPurge_ofWhatArtifactsAreUnder_needTheOverride_andTimeAloneNeverDoesIt() {
        ObjectNode first = create("k");
        create("k");
        rig.inUse.keys.add(KeyId.parse(kid(first)).orElseThrow());

        var refused = rig.vault("DELETE", "/keys/k", "");
        assertThat(refusal(409, refused)).isEqualTo("Conflict/KeyInUse");
        assertThat(KeyVaultRig.message(refused)).contains(kid(first)).contains("keyturnOverride=true");
        expect(200, rig.vault("GET", "/keys/k", ""));

        expect(200, rig.vault("DELETE", "/keys/k?keyturnOverride=true", ""));
        assertThat(refusal(409, rig.vault("DELETE", "/deletedkeys/k", ""))).isEqualTo("Conflict/KeyInUse");
        rig.clock.advance(Duration.ofDays(200));
        assertThat(rig.services.deleted().purgeDue(rig.clock.instant())).isZero();
        expect(200, rig.vault("GET", "/deletedkeys/k", ""));
        expect(204, rig.vault("DELETE", "/deletedkeys/k?keyturnOverride=true", ""));
    }
}

package dev.keyturn.server.keyvault;

import static dev.keyturn.server.keyvault.KeyVaultRig.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every use of a key is recorded before it is answered: who, what, which version, and what came of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedUsesTest {
    private static final String PLAIN = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
    private static final List<String> USES =
            List.of("wrapkey", "unwrapkey", "encrypt", "decrypt", "sign", "verify", "release", "backup");

    private KeyVaultRig rig;
    private Predicate<AuditRecord> notTaken = _ -> false;

    /** The paths of the versions of a key that works, and of one that is disabled; each in a vault and in an HSM. */
    private final Map<String, String> versions = new HashMap<>();

    /** One use in one kind of vault. */
    record Use(boolean hsm, String verb) {
        String action() {
            String what = switch (verb) {
                case "wrapkey" -> "wrap";
                case "unwrapkey" -> "unwrap";
                default -> verb;
            };
            return "Microsoft.KeyVault/" + (hsm ? "managedHsm" : "vaults") + "/keys/" + what + "/action";
        }

        String scope() {
            return (hsm ? "/hsm/h-one" : KeyVaultRig.VAULTS + "/v-one").toLowerCase(Locale.ROOT) + "/keys/k";
        }
    }

    static Stream<Use> uses() {
        return Stream.of(false, true).flatMap(hsm -> USES.stream().map(verb -> new Use(hsm, verb)));
    }

    @BeforeAll
    void open(@TempDir Path directory) {
        rig = new KeyVaultRig(directory, KeyBackends::of, real -> new BrokenAudit(real, r -> notTaken.test(r)));
        rig.makeVault(true);
        rig.makeHsm();
        for (boolean hsm : new boolean[] {false, true}) {
            for (String key : List.of("k", "off")) {
                var made = expect(
                        200, send(new Use(hsm, ""), "owner", "/keys/" + key + "/create", "{\"kty\":\"RSA-HSM\"}"));
                String kid = made.path("key").path("kid").asString();
                versions.put(key + hsm, kid.substring(kid.indexOf("/keys/")));
            }
            String disabled = "{\"attributes\":{\"enabled\":false}}";
            expect(200, hsm ? rig.hsm("PATCH", "/keys/off", disabled) : rig.vault("PATCH", "/keys/off", disabled));
        }
    }

    @AfterAll
    void close() {
        rig.close();
    }

    private String version(Use use, String key) {
        return versions.getOrDefault(key + use.hsm(), "");
    }

    private Response send(Use use, String who, String path, String body) {
        return use.hsm()
                ? rig.as(who + "@hsm", KeyVaultRig.HSM_HOST, "POST", path, body)
                : rig.as(who + "@vault", KeyVaultRig.VAULT_HOST, "POST", path, body);
    }

    /** As docs/audit.md has it: lower case, without the port. */
    private static String kid(Use use, String version) {
        String host = use.hsm() ? KeyVaultRig.HSM_HOST : KeyVaultRig.VAULT_HOST;
        return "https://" + host.replace(":8443", "") + version;
    }

    /** {@code value} is what is wrapped, opened, signed, or the signature. */
    private Response use(Use use, String who, String version, String value) {
        if (use.verb().equals("backup")) {
            return send(use, who, version.substring(0, version.lastIndexOf('/')) + "/backup", "");
        }
        String algorithm = List.of("sign", "verify").contains(use.verb()) ? "RS256" : "RSA-OAEP-256";
        String digest = use.verb().equals("verify") ? ",\"digest\":\"" + PLAIN + "\"" : "";
        String body = "{\"alg\":\"" + algorithm + "\",\"value\":\"" + value + "\"" + digest + "}";
        return send(use, who, version + "/" + use.verb(), body);
    }

    /** What opens must have been sealed before. */
    private String value(Use use) {
        boolean opens = use.verb().equals("unwrapkey") || use.verb().equals("decrypt");
        return opens
                ? expect(200, use(new Use(use.hsm(), "encrypt"), "owner", version(use, "k"), PLAIN))
                        .path("value")
                        .asString()
                : PLAIN;
    }

    private void assertNewest(Use use, String version, String who, Outcome outcome) {
        AuditRecord last = rig.recordedBehind(0).getLast();
        assertThat(last.action()).isEqualTo(use.action());
        assertThat(last.scope()).isEqualTo(use.scope());
        assertThat(last.outcome()).isEqualTo(outcome);
        assertThat(last.caller()).isEqualTo(rig.caller(who).principal());
        assertThat(last.callerName()).isEqualTo(rig.caller(who).name());
        assertThat(last.door()).isEqualTo(Call.Door.VAULT);
        if (!version.isEmpty()) {
            assertThat(last.target()).contains(kid(use, version));
        }
    }

    @ParameterizedTest
    @MethodSource("uses")
    void use_isRecorded_withTheVersionThatDidIt(Use use) {
        String version = version(use, "k");

        int status = use(use, "owner", version, value(use)).status();

        boolean served = !use.verb().equals("release");
        assertThat(status).isEqualTo(served ? 200 : 403);
        assertNewest(use, version, "owner", served ? Outcome.ALLOWED : Outcome.FAILED);
    }

    @ParameterizedTest
    @MethodSource("uses")
    void useByNobody_isRecordedAsRefused(Use use) {
        String version = version(use, "k");

        assertThat(use(use, "stranger", version, value(use)).status()).isEqualTo(403);

        assertNewest(use, use.verb().equals("backup") ? "" : version, "stranger", Outcome.REFUSED);
        assertThat(rig.recordedBehind(0).getLast().code()).contains("Forbidden");
    }

    @ParameterizedTest
    @MethodSource("uses")
    void useOfAKeyThatMayNot_isRecordedAsFailed(Use use) {
        boolean asks = !List.of("release", "backup").contains(use.verb());
        String version = asks ? version(use, "off") : "/keys/none/" + "0".repeat(32);

        assertThat(use(use, "owner", version, PLAIN).status()).isEqualTo(asks ? 403 : 404);

        AuditRecord last = rig.recordedBehind(0).getLast();
        assertThat(last.action()).isEqualTo(use.action());
        assertThat(last.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(last.code()).contains(asks ? "Forbidden" : "KeyNotFound");
        if (!use.verb().equals("backup")) {
            assertThat(last.target()).contains(kid(use, version));
        }
    }

    @Test
    void useOfTheLatestVersion_isRecordedWithThatVersion() {
        Use use = new Use(false, "wrapkey");

        expect(200, use(use, "owner", "/keys/k", PLAIN));

        assertNewest(use, version(use, "k"), "owner", Outcome.ALLOWED);
    }

    @Test
    void useThatCannotBeRecorded_isNotAnswered() {
        Use unwrap = new Use(false, "unwrapkey");
        String sealed = value(unwrap);
        notTaken = r -> r.outcome() == Outcome.ALLOWED && r.action().endsWith("unwrap/action");

        Response answer = use(unwrap, "owner", version(unwrap, "k"), sealed);
        notTaken = _ -> false;

        assertThat(answer.status()).isEqualTo(503);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain(PLAIN);
    }

    @Test
    void readsAndRandomBytes_areRecordedWhereTheyAreRefusedAlone() {
        Use any = new Use(true, "wrapkey");
        String version = version(any, "k");
        long before = rig.recorded();

        expect(200, rig.hsm("GET", version, ""));
        expect(200, rig.hsm("GET", "/keys", ""));
        expect(200, rig.hsm("POST", "/rng", "{\"count\":8}"));
        assertThat(rig.recorded()).isEqualTo(before);
        assertThat(rig.as("stranger@hsm", KeyVaultRig.HSM_HOST, "GET", "/keys", "")
                        .status())
                .isEqualTo(403);

        assertThat(rig.recordedBehind(before))
                .singleElement()
                .satisfies(r -> assertThat(r.action()).isEqualTo("Microsoft.KeyVault/managedHsm/keys/read/action"));
    }
}

package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Call.Door;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.server.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is shown of records that were written through the doors. */
class AuditRoutesTest {
    private static final String LOG =
            "/subscriptions/" + ArmRig.SUB + "/providers/Microsoft.Insights/eventtypes/management/values";
    private static final String VERSION = "api-version=2015-04-01";
    private static final String DISK = ArmRig.GROUP + "/providers/Microsoft.Compute/disks/d1";
    private static final KeyId KEY = new KeyId("v1.vault.keyturn.test:8443", "K", "0".repeat(32));
    private static final String SINCE = "eventTimestamp ge '2026-01-02T00:00:00Z'";

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private ArmRig rig;

    private final UUID correlation = UUID.randomUUID();

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void act(Action action, String at, Door door) {
        rig.services().doors().act(call(door), action, new Scope(at), permit -> permit.write(_ -> ""));
        rig.clock.advance(Duration.ofMinutes(1));
    }

    private Call call(Door door) {
        return new Call(rig.caller("owner"), correlation, Optional.of("from-the-client"), door);
    }

    private void use() {
        rig.grant("owner", ArmRig.GROUP, Roles.KEY_VAULT_CRYPTO_USER);
        String vault = ArmRig.GROUP + "/providers/Microsoft.KeyVault/vaults/v1";
        rig.services().doors().act(call(Door.VAULT), Action.KEY_UNWRAP, new Scope(vault), permit -> named(permit));
    }

    private static String named(Permit permit) {
        permit.on(KEY);
        return "plain";
    }

    private Response log(String filter) {
        return rig.call("GET", LOG + "?" + VERSION + "&$filter=" + encode(filter));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private List<JsonNode> events(String filter) {
        Response answer = log(filter);
        assertThat(answer.status()).as(ArmRig.body(answer).toString()).isEqualTo(200);
        return value(answer);
    }

    private static List<JsonNode> value(Response answer) {
        List<JsonNode> all = new ArrayList<>();
        ArmRig.body(answer).path("value").forEach(all::add);
        return all;
    }

    private String refused(String target) {
        Response answer = rig.call("GET", target);
        assertThat(answer.status()).isEqualTo(400);
        return ArmRig.body(answer).path("error").path("message").asString();
    }

    @Test
    void activityLog_showsWhoDidWhat_asAzureWritesIt() {
        act(Action.DISK_WRITE, DISK, Door.ARM);

        JsonNode event = events(SINCE).getFirst();

        assertThat(event.path("operationName").path("value").asString()).isEqualTo("Microsoft.Compute/disks/write");
        assertThat(event.path("resourceProviderName").path("value").asString()).isEqualTo("Microsoft.Compute");
        assertThat(event.path("resourceType").path("value").asString()).isEqualTo("Microsoft.Compute/disks");
        assertThat(event.path("resourceId").asString()).isEqualToIgnoringCase(DISK);
        assertThat(event.path("resourceGroupName").asString()).isEqualTo("rg");
        assertThat(event.path("caller").asString())
                .isEqualTo(rig.caller("owner").principal().toString());
        assertThat(event.path("claims").path("appid").asString())
                .isEqualTo(rig.caller("owner").name());
        assertThat(event.path("correlationId").asString()).isEqualTo(correlation.toString());
        assertThat(event.path("httpRequest").path("clientRequestId").asString()).isEqualTo("from-the-client");
        assertThat(event.path("status").path("value").asString()).isEqualTo("Succeeded");
        assertThat(event.path("level").asString()).isEqualTo("Informational");
        assertThat(Instant.parse(event.path("eventTimestamp").asString()))
                .isEqualTo(rig.clock.instant().minus(Duration.ofMinutes(1)));
        assertThat(event.path("id").asString()).endsWith("/ticks/639029198450000000");
        assertThat(event.path("properties")).allMatch(JsonNode::isString);
    }

    @Test
    void activityLog_filtersAsAzDoes_withAndWithoutQuotesAndZones() {
        act(Action.DISK_WRITE, DISK, Door.ARM);
        act(Action.VM_START, ArmRig.GROUP + "2/providers/Microsoft.Compute/virtualMachines/vm", Door.ARM);
        act(Action.GROUP_WRITE, ArmRig.GROUP, Door.ARM);
        assertThatThrownBy(() -> rig.services().doors().act(call(Door.ARM), Action.DISK_DELETE, new Scope(DISK), _ -> {
                    throw DomainError.notAllowed("attached").asException();
                }))
                .hasMessageContaining("attached");

        assertThat(events(SINCE)).hasSize(4);
        assertThat(events(
                        "eventTimestamp ge 2026-01-02T03:04:05.123456 and eventTimestamp le 2026-01-02T03:05:06+00:00"))
                .hasSize(1);
        assertThat(events(SINCE + " and resourceGroupName eq 'RG'")).hasSize(3);
        assertThat(events(SINCE + " and resourceUri eq '" + DISK + "'")).hasSize(2);
        assertThat(events(SINCE + " and resourceId eq '" + DISK + "/'")).hasSize(2);
        assertThat(events(SINCE + " and resourceProvider eq 'microsoft.resources'"))
                .hasSize(1);
        assertThat(events(SINCE + " and correlationId eq '" + correlation + "'"))
                .hasSize(4);
        assertThat(events(SINCE + " and caller eq '" + rig.caller("owner").principal() + "'"))
                .hasSize(4);
        assertThat(events(SINCE + " and caller eq '" + rig.caller("owner").name() + "'"))
                .hasSize(4);
        assertThat(events(SINCE + " and caller eq 'nobody'")).isEmpty();
        assertThat(events(SINCE + " and status eq 'Failed'"))
                .singleElement()
                .satisfies(e ->
                        assertThat(e.path("subStatus").path("value").asString()).isEqualTo("OperationNotAllowed"));
    }

    @Test
    void activityLog_filterThatIsNotUnderstood_isRefusedAndSaysWhatWouldBe() {
        for (String filter : List.of(
                "resourceGroupName eq 'rg'",
                SINCE + " or resourceGroupName eq 'rg'",
                SINCE + " and resourceGroup eq 'rg'",
                SINCE + " and not resourceGroupName eq 'rg'",
                SINCE + " and resourceGroupName ge 'rg'",
                SINCE + " and resourceGroupName eq 'rg/providers'",
                SINCE + " and " + SINCE,
                SINCE + " and resourceUri eq 'disk'",
                SINCE + " and resourceUri eq '/a' and resourceId eq '/b'",
                SINCE + " and correlationId eq 'mine'",
                SINCE + " and status eq 'Started'",
                SINCE + " and resourceProvider eq 'Compute'",
                "eventTimestamp ge 'yesterday'",
                "eventTimestamp eq '2026-01-02T00:00:00Z'")) {
            String message = refused(LOG + "?" + VERSION + "&$filter=" + encode(filter));
            assertThat(message).as(filter).contains("eventTimestamp ge '<time>'");
        }
        assertThat(refused(LOG + "?" + VERSION)).contains("'$filter' is required");
    }

    @Test
    void activityLog_selectsFields_andPages() {
        act(Action.DISK_WRITE, DISK, Door.ARM);
        act(Action.GROUP_WRITE, ArmRig.GROUP, Door.ARM);
        act(Action.DISK_DELETE, DISK, Door.ARM);

        String all = LOG + "?" + VERSION + "&$filter=" + encode(SINCE);
        Response selected = rig.call("GET", all + "&$select=" + encode("caller , operationName"));
        assertThat(value(selected).getFirst().propertyNames()).containsExactlyInAnyOrder("caller", "operationName");
        assertThat(refused(all + "&$select=caller,callers")).contains("not 'callers'");

        Response first = rig.call("GET", all + "&$top=2");
        assertThat(value(first)).hasSize(2);
        String next = ArmRig.relative(ArmRig.body(first).path("nextLink").asString());
        Response second = rig.call("GET", next);
        assertThat(value(second)).hasSize(1);
        assertThat(ArmRig.body(second).has("nextLink")).isFalse();
        assertThat(value(second).getFirst().path("operationName").path("value").asString())
                .isEqualTo("Microsoft.Compute/disks/write");
        assertThat(refused(all + "&$skiptoken=MTIz")).contains("$skiptoken");
    }

    @Test
    void usesOfKeys_areInTheOwnRecord_notInTheActivityLog() {
        use();

        assertThat(events(SINCE)).isEmpty();
        List<JsonNode> found = value(rig.call(
                "GET",
                "/keyturn/audit?api-version=2024-07-01&since=2026-01-01&keyVersion="
                        + encode("https://V1.vault.keyturn.test/keys/k/" + "0".repeat(32) + "/")));
        assertThat(found).singleElement().satisfies(r -> {
            assertThat(r.path("action").asString()).isEqualTo(Action.KEY_UNWRAP.azure());
            assertThat(r.path("door").asString()).isEqualTo("VAULT");
            assertThat(r.path("target").asString()).isEqualTo(KEY.reference());
            assertThat(r.path("hash").asString()).hasSize(64);
        });
    }

    @Test
    void ownRecord_isAskedByParameters_andRefusesAllThatItDoesNotKnowAtOnce() {
        act(Action.DISK_WRITE, DISK, Door.ARM);

        String own = "/keyturn/audit?api-version=2024-07-01";
        assertThat(value(rig.call("GET", own))).hasSize(1);
        assertThat(value(rig.call("GET", own + "&action=Microsoft.Compute/&outcome=allowed&scope=" + ArmRig.GROUP)))
                .hasSize(1);
        assertThat(value(rig.call("GET", own + "&outcome=refused"))).isEmpty();
        assertThat(value(rig.call("GET", own + "&until=2025-01-01"))).isEmpty();
        assertThat(value(rig.call("GET", own + "&correlation=" + correlation))).hasSize(1);
        assertThat(refused(own + "&sinse=2026-01-01&until=never&keyVersion=k&outcome=bad&scope=x&correlation=1"))
                .contains("sinse", "until", "keyVersion", "outcome", "scope", "correlation");
        assertThat(refused(own + "&target=a&keyVersion=" + encode(KEY.url()))).contains("say the same thing");
    }

    @Test
    void chain_isListedInItsOrder_withCheckpointsAndTheKey() {
        act(Action.DISK_WRITE, DISK, Door.ARM);
        act(Action.DISK_DELETE, DISK, Door.ARM);
        rig.services().checkpoints().sign();

        ObjectNode chains = ArmRig.body(rig.call("GET", "/keyturn/audit/chains?api-version=2024-07-01"));
        String node = chains.path("nodes").get(0).path("name").asString();
        String at = "/keyturn/audit/chains/" + node;
        List<JsonNode> records = value(rig.call("GET", at + "/records?api-version=2024-07-01"));
        List<JsonNode> checkpoints = value(rig.call("GET", at + "/checkpoints?api-version=2024-07-01"));

        assertThat(records).extracting(r -> r.path("sequence").asLong()).containsExactly(1L, 2L);
        assertThat(value(rig.call("GET", at + "/records?api-version=2024-07-01&after=1")))
                .hasSize(1);
        assertThat(checkpoints).hasSize(1);
        assertThat(checkpoints.getFirst().path("hash"))
                .isEqualTo(records.getLast().path("hash"));
        assertThat(checkpoints.getFirst().path("keyId"))
                .isEqualTo(chains.path("keys").get(0).path("id"));
        assertThat(refused(at + "/records?api-version=2024-07-01&after=x")).contains("$skiptoken");
    }

    @Test
    void whoMayNotSee_isRefused_andThatIsRecorded() {
        rig.grant("vm-only", ArmRig.GROUP, Roles.READER);

        Response answer = rig.as("vm-only", "GET", LOG + "?" + VERSION, "", Map.of("x-ms-client-request-id", "abc"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(events(SINCE + " and status eq 'Failed'")).singleElement().satisfies(e -> {
            assertThat(e.path("operationName").path("value").asString()).isEqualTo(Action.ACTIVITY_LOG_READ.azure());
            assertThat(e.path("caller").asString())
                    .isEqualTo(rig.caller("vm-only").principal().toString());
            assertThat(e.path("httpRequest").path("clientRequestId").asString()).isEqualTo("abc");
            assertThat(e.path("level").asString()).isEqualTo("Warning");
        });
    }
}

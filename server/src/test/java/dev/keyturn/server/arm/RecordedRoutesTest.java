package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each route of ARM that writes: once refused and once done, it leaves one record of either. */
class RecordedRoutesTest {
    private static final String GROUP = ArmRig.GROUP;
    private static final String SUBSCRIPTION = "/subscriptions/" + ArmRig.SUB;
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";
    private static final String DISK = Bodies.COMPUTE + "/disks/d1";
    private static final String IMAGE = Bodies.COMPUTE + "/images/debian";
    private static final String IDENTITY = GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/who";
    private static final String FAULTS = "/keyturn/simulatedHost/faults";
    private static final String EVENTS = "/keyturn/simulatedHost/events";
    private static final String SOMEBODY = "00000000-0000-0000-0000-00000000cafe";
    private static final String PLACED = "{\"location\":\"westeurope\"}";
    private static final String TAGGED = "{\"tags\":{\"a\":\"b\"}}";
    private static final String FAULT = "{\"kind\":\"unreachable\"}";

    /** Stands for a key of the rig's vault, which there is none of before the rig. */
    private static final String KEY = "KEY";

    /** What has a body and writes nothing: what it asks for is a read, or the same for every caller. */
    private static final List<String> READS = List.of(
            "POST " + Bodies.SET + "/preflight",
            "POST " + VM + "/retrieveBootDiagnosticsData",
            "POST " + SUBSCRIPTION + "/providers/Microsoft.Compute/register");

    /** A request of what has to be there. */
    record Step(String method, String target, String body) {}

    /** A request that writes, where its permission is asked for, and what has to be there before. */
    record Write(String method, String target, String body, String action, String scope, List<Step> before) {
        @Override
        public String toString() {
            return method + " " + target.replace(GROUP, "").replace(SUBSCRIPTION, "");
        }
    }

    private static final Step KEYED = new Step("PUT", Bodies.SET, Bodies.set(KEY));
    private static final Step DISKED = new Step("PUT", DISK, Bodies.disk());
    private static final Step RUNNING = new Step("PUT", VM, Bodies.vm("vm1"));
    private static final Step STOPPED = new Step("POST", VM + "/powerOff", "");
    private static final Step PICTURED = new Step("PUT", IMAGE, ImageRoutesTest.image(""));

    static List<Write> writes() {
        List<Write> all = new ArrayList<>();
        resource(all, GROUP, "Microsoft.Resources/subscriptions/resourceGroups", PLACED, List.of(), made(GROUP));
        for (String type : GenericResourceService.OPAQUE) {
            String one = GROUP + "/providers/" + type + "/one";
            resource(all, one, type, PLACED, List.of(), made(one));
        }
        resource(all, IDENTITY, type(IDENTITY), PLACED, List.of(), made(IDENTITY));
        resource(all, Bodies.SET, type(Bodies.SET), Bodies.set(KEY), List.of(), KEYED);
        resource(all, DISK, type(DISK), Bodies.disk(), List.of(KEYED), DISKED);
        resource(all, VM, type(VM), Bodies.vm("vm1"), List.of(KEYED), RUNNING);
        resource(all, IMAGE, type(IMAGE), ImageRoutesTest.image(""), List.of(), PICTURED);
        all.add(at(Bodies.SET, "verify", List.of(KEYED)));
        all.add(at(VM, "start", List.of(KEYED, RUNNING, STOPPED)));
        for (String verb : List.of("powerOff", "deallocate", "restart")) {
            all.add(at(VM, verb, List.of(KEYED, RUNNING)));
        }
        for (String scope :
                List.of(SUBSCRIPTION, GROUP, IDENTITY, GROUP + "/providers/Microsoft.KeyVault/vaults/v/keys/k")) {
            assignment(all, scope);
        }
        String faults = "Keyturn.SimulatedHost/faults/write";
        all.add(installation("POST", FAULTS, FAULT, faults));
        all.add(installation("PUT", FAULTS + "/f", FAULT, faults));
        all.add(installation("DELETE", FAULTS, "", faults));
        all.add(new Write(
                "DELETE", FAULTS + "/f", "", faults, SUBSCRIPTION, List.of(new Step("PUT", FAULTS + "/f", FAULT))));
        all.add(new Write(
                "POST",
                EVENTS,
                "{\"event\":\"guestShutdown\",\"vm\":\"vm1\"}",
                "Keyturn.SimulatedHost/events/action",
                SUBSCRIPTION,
                List.of(KEYED, RUNNING)));
        all.add(installation(
                "POST", "/keyturn/clock/confirm", "{\"time\":\"NOW\"}", "Microsoft.Authorization/keyturnClock/write"));
        return all;
    }

    /** Put where it is not, then changed and deleted where it is. */
    private static void resource(List<Write> all, String id, String type, String body, List<Step> needed, Step made) {
        List<Step> there = new ArrayList<>(needed);
        there.add(made);
        all.add(new Write("PUT", id, body, type + "/write", id, needed));
        all.add(new Write("PATCH", id, TAGGED, type + "/write", id, there));
        all.add(new Write("DELETE", id, "", type + "/delete", id, there));
    }

    private static void assignment(List<Write> all, String scope) {
        String type = "Microsoft.Authorization/roleAssignments";
        String target = scope + "/providers/" + type + "/" + SOMEBODY;
        String grant = "{\"properties\":{\"roleDefinitionId\":\"" + Roles.READER.id() + "\",\"principalId\":\""
                + SOMEBODY + "\",\"principalType\":\"User\"}}";
        all.add(new Write("PUT", target, grant, type + "/write", scope, List.of()));
        all.add(new Write("DELETE", target, "", type + "/delete", scope, List.of(new Step("PUT", target, grant))));
    }

    private static Write at(String resource, String verb, List<Step> before) {
        return new Write("POST", resource + "/" + verb, "", type(resource) + "/" + verb + "/action", resource, before);
    }

    private static Write installation(String method, String target, String body, String action) {
        return new Write(method, target, body, action, SUBSCRIPTION, List.of());
    }

    private static Step made(String id) {
        return new Step("PUT", id, PLACED);
    }

    private static String type(String id) {
        String[] parts = id.split("/");
        return parts[6] + "/" + parts[7];
    }

    private ArmRig rig;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new ArmRig(directory);
        rig.grant("nobody", SUBSCRIPTION + "/resourceGroups/elsewhere", Roles.READER);
        ImageFiles.raw(directory, "debian-12.raw", 3L << 30);
        done("PUT", GROUP, PLACED);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void done(String method, String target, String body) {
        Response answer = rig.call(method, target, body);
        assertThat(answer.status()).as(ArmRig.body(answer).toString()).isBetween(200, 202);
        rig.settle();
    }

    /** The body with the time and a key of this rig. */
    private String text(String body) {
        return body.replace("NOW", rig.clock.instant().toString())
                .replace("\"" + KEY + "\"", "\"" + rig.vault.create(1) + "\"");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void write_leavesOneRecord_whetherAllowedOrNot(Write write) {
        write.before().forEach(s -> done(s.method(), s.target(), text(s.body())));
        String body = text(write.body());
        int before = rig.records().size();

        Response refused = rig.as("nobody", write.method(), write.target(), body, Map.of());
        Response done = rig.call(write.method(), write.target(), body);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(done.status()).as(ArmRig.body(done).toString()).isBetween(200, 204);
        List<AuditRecord> all = rig.records();
        List<AuditRecord> left = all.subList(before, all.size());
        assertThat(left).extracting(AuditRecord::outcome).containsExactly(Outcome.REFUSED, Outcome.ALLOWED);
        assertThat(left)
                .extracting(AuditRecord::caller)
                .containsExactly(
                        rig.caller("nobody").principal(), rig.caller("owner").principal());
        assertThat(left).allSatisfy(r -> {
            assertThat(r.action()).isEqualTo(write.action());
            assertThat(r.scope()).isEqualTo(write.scope().toLowerCase(Locale.ROOT));
            assertThat(r.door()).isEqualTo(Call.Door.ARM);
        });
    }

    @Test
    void everyRouteThatWrites_isHere() {
        List<String> requests = new ArrayList<>(READS);
        writes().forEach(w -> requests.add(w.method() + " " + w.target()));

        assertThat(rig.patterns())
                .filteredOn(d -> !List.of("GET", "HEAD").contains(d.method()))
                .hasSizeGreaterThan(40)
                .allSatisfy(d -> assertThat(requests).anyMatch(r -> r.matches(pattern(d))));
    }

    private static String pattern(RoutePattern route) {
        return route.method() + " " + route.template().replaceAll("\\{[a-zA-Z]+}", "[^/]+");
    }
}

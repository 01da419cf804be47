package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written through ARM is recorded: who, what, where, through which door, and what became of it. */
class RecordedWritesTest {
    private static final String GROUP = ArmRig.GROUP;
    private static final String NETWORK = GROUP + "/providers/Microsoft.Network/virtualNetworks/n";
    private static final String IDENTITY = GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/who";
    private static final String PLACED = "{\"location\":\"westeurope\"}";
    private static final String TAGGED = "{\"tags\":{\"a\":\"b\"}}";

    private ArmRig rig;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new ArmRig(directory);
        rig.grant("nobody", "/subscriptions/" + ArmRig.SUB + "/resourceGroups/elsewhere", Roles.READER);
        for (String there : List.of(GROUP, NETWORK, IDENTITY)) {
            assertThat(rig.call("PUT", there, PLACED).status()).isEqualTo(201);
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** A request that the owner may make, and the action that it is. */
    record Write(String method, String target, String body, String action) {
        @Override
        public String toString() {
            return method + " " + action;
        }
    }

    static Stream<Write> writes() {
        String groups = "Microsoft.Resources/subscriptions/resourceGroups";
        return Stream.of(new String[] {GROUP, groups}, new String[] {NETWORK, type(NETWORK)}, new String[] {
                    IDENTITY, type(IDENTITY)
                })
                .flatMap(w -> Stream.of(
                        new Write("PUT", w[0], PLACED, w[1] + "/write"),
                        new Write("PATCH", w[0], TAGGED, w[1] + "/write"),
                        new Write("DELETE", w[0], "", w[1] + "/delete")));
    }

    @Test
    void clockThatDisagrees_isRecordedAsFailed() {
        int before = rig.records().size();

        Response answer = rig.call("POST", "/keyturn/clock/confirm", "{\"time\":\"2020-01-02T03:04:05Z\"}");

        assertThat(answer.status()).isEqualTo(409);
        List<AuditRecord> all = rig.records();
        assertThat(all).hasSize(before + 1);
        assertThat(all.getLast().code()).contains("ClockDisagrees");
    }

    @Test
    void faultThatIsNotThere_isNotRecordedAsRemoved() {
        int before = rig.records().size();

        assertThat(rig.call("DELETE", "/keyturn/simulatedHost/faults/none").status())
                .isEqualTo(404);

        List<AuditRecord> all = rig.records();
        assertThat(all).hasSize(before + 1);
        assertThat(all.getLast().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(all.getLast().code()).contains("FaultNotFound");
    }

    private static String type(String id) {
        String[] parts = id.split("/");
        return parts[6] + "/" + parts[7];
    }

    /** The records that a request leaves, oldest first. */
    private List<AuditRecord> of(Write write, String caller, Map<String, String> headers, int status) {
        int before = rig.records().size();
        Response answer = rig.as(caller, write.method(), write.target(), write.body(), headers);
        assertThat(answer.status()).as(ArmRig.body(answer).toString()).isEqualTo(status);
        List<AuditRecord> all = rig.records();
        return all.subList(before, all.size());
    }

    private void requireSays(AuditRecord found, Write write, String caller) {
        assertThat(found.action()).isEqualTo(write.action());
        assertThat(found.scope()).isEqualTo(write.target().toLowerCase(Locale.ROOT));
        assertThat(found.caller()).isEqualTo(rig.caller(caller).principal());
        assertThat(found.door()).isEqualTo(Call.Door.ARM);
        assertThat(found.clientRequest()).contains("mine");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void write_isRecordedAsAllowed(Write write) {
        boolean group = write.method().equals("DELETE") && write.target().equals(GROUP);

        List<AuditRecord> left = of(write, "owner", Map.of("x-ms-client-request-id", "mine"), group ? 202 : 200);

        assertThat(left).hasSize(1);
        requireSays(left.getFirst(), write, "owner");
        assertThat(left.getFirst().outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(left.getFirst().operation().isPresent()).isEqualTo(group);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void writeOfWhoMayNot_isRecordedAsRefused(Write write) {
        List<AuditRecord> left = of(write, "nobody", Map.of("x-ms-client-request-id", "mine"), 403);

        assertThat(left).hasSize(1);
        requireSays(left.getFirst(), write, "nobody");
        assertThat(left.getFirst().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(left.getFirst().code()).contains("AuthorizationFailed");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void writeWhoseTransactionFails_isRecordedAsFailedAlone(Write write) {
        List<AuditRecord> left =
                of(write, "owner", Map.of("x-ms-client-request-id", "mine", "if-match", "\"99\""), 412);

        assertThat(left).hasSize(1);
        requireSays(left.getFirst(), write, "owner");
        assertThat(left.getFirst().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(left.getFirst().code()).contains("PreconditionFailed");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void whoMayNot_learnsNothingOfABodyThatIsWrong(Write write) {
        assertThat(rig.as("nobody", write.method(), write.target(), "{\"location\":5", Map.of())
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Microsoft.Network/virtualNetworks",
                "Microsoft.ManagedIdentity/userAssignedIdentities",
                "Microsoft.Compute/diskEncryptionSets",
                "Microsoft.Compute/disks",
                "Microsoft.Compute/virtualMachines",
                "Microsoft.Compute/images",
                "Microsoft.Authorization/roleAssignments"
            })
    void deletionOfWhatIsNotThere_isNotRecorded(String type) {
        String none = GROUP + "/providers/" + type + "/00000000-0000-0000-0000-00000000cafe";
        Write deletion = new Write("DELETE", none, "", type + "/delete");

        assertThat(of(deletion, "owner", Map.of(), 204)).isEmpty();
        assertThat(of(deletion, "nobody", Map.of(), 403))
                .extracting(AuditRecord::outcome)
                .containsExactly(Outcome.REFUSED);
    }

    @Test
    void assignmentThatIsThereAlready_isNotRecordedAgain() {
        String target = GROUP + "/providers/Microsoft.Authorization/roleAssignments/" + new UUID(0, 5);
        Write grant = new Write(
                "PUT",
                target,
                """
                {"properties": {"roleDefinitionId": "%s", "principalId": "%s"}}""".formatted(Roles.READER.id(), rig.caller("nobody").principal()),
                "");

        assertThat(of(grant, "owner", Map.of(), 201)).hasSize(1);
        assertThat(of(grant, "owner", Map.of(), 200)).isEmpty();
    }

    @Test
    void deletionOfAGroup_thatJoinsTheOneUnderWay_isNotRecordedAgain() {
        Write deletion = new Write("DELETE", GROUP, "", "");

        assertThat(of(deletion, "owner", Map.of(), 202)).hasSize(1);
        assertThat(of(deletion, "owner", Map.of(), 202)).isEmpty();
    }

    @Test
    void deletionOfAGroup_recordsEachResource_forWhoAskedForIt() {
        List<AuditRecord> begun =
                of(new Write("DELETE", GROUP, "", ""), "owner", Map.of("x-ms-client-request-id", "mine"), 202);

        rig.settle();

        List<AuditRecord> all = rig.records();
        List<AuditRecord> parts = all.subList(all.indexOf(begun.getLast()) + 1, all.size());
        assertThat(parts)
                .extracting(AuditRecord::action, AuditRecord::scope, AuditRecord::outcome)
                .containsExactlyInAnyOrder(
                        tuple(type(IDENTITY) + "/delete", new Scope(IDENTITY).path(), Outcome.ALLOWED),
                        tuple(type(NETWORK) + "/delete", new Scope(NETWORK).path(), Outcome.ALLOWED));
        assertThat(parts)
                .allSatisfy(r ->
                        assertThat(r.caller()).isEqualTo(rig.caller("owner").principal()))
                .allSatisfy(r -> assertThat(r.door()).isEqualTo(Call.Door.SERVER))
                .allSatisfy(r ->
                        assertThat(r.correlation()).isEqualTo(begun.getLast().correlation()));
        assertThat(rig.call("GET", GROUP).status()).isEqualTo(404);
    }
}

package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What the compute surface answers, held against Azure's published OpenAPI files where they are beside the project. */
@Tag("published-files")
class PublishedShapesTest {
    private static final String ONE = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
            + "/providers/Microsoft.Compute/virtualMachines/{vmName}";
    private static final String IN_GROUP = ONE.substring(0, ONE.lastIndexOf('/'));
    private static final String ALL = "/subscriptions/{subscriptionId}/providers/Microsoft.Compute/virtualMachines";
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";

    @TempDir
    Path directory;

    private final SwaggerShapes shapes = new SwaggerShapes();
    private int checked;

    @Test
    void virtualMachines_answerInThePublishedShapes() {
        Optional<Path> folder = SwaggerShapes.beside("compute-2024-07-01");
        assumeTrue(folder.isPresent(), "Azure's published compute files are not beside the project: skipped");
        Path file = folder.orElseThrow().resolve("virtualMachine.json");
        try (ArmRig rig = new ArmRig(directory)) {
            rig.call("PUT", ArmRig.GROUP, Bodies.group());
            rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
            check(file, ONE, "put", rig.call("PUT", VM, Bodies.vm("vm1")), 201);
            check(file, ONE, "put", rig.call("PUT", VM, "{\"location\":1}"), 400);
            check(file, ONE + "/start", "post", rig.call("POST", VM + "/start"), 409);
            rig.settle();
            check(file, ONE, "get", rig.call("GET", VM + "?$expand=instanceView"), 200);
            check(file, ONE, "get", rig.call("GET", VM + "nope"), 404);
            check(file, ONE, "put", rig.call("PUT", VM, Bodies.vm("vm1")), 200);
            rig.settle();
            check(file, ONE, "patch", rig.call("PATCH", VM, "{\"tags\":{}}"), 200);
            rig.settle();
            check(file, ONE + "/instanceView", "get", rig.call("GET", VM + "/instanceView"), 200);
            String retrieve = "/retrieveBootDiagnosticsData";
            check(file, ONE + retrieve, "post", rig.call("POST", VM + retrieve), 409);
            String vmId = ArmRig.body(rig.call("GET", VM))
                    .path("properties")
                    .path("vmId")
                    .asString();
            rig.talkative.write(UUID.fromString(vmId), new byte[] {'a'});
            check(file, ONE + retrieve, "post", rig.call("POST", VM + retrieve), 200);
            check(file, IN_GROUP, "get", rig.call("GET", Bodies.COMPUTE + "/virtualMachines"), 200);
            String all = "/subscriptions/" + ArmRig.SUB + "/providers/Microsoft.Compute/virtualMachines";
            check(file, ALL, "get", rig.call("GET", all + "?statusOnly=true"), 200);
            for (String action : List.of("restart", "powerOff", "start", "deallocate")) {
                check(file, ONE + "/" + action, "post", rig.call("POST", VM + "/" + action), 202);
                rig.settle();
            }
            check(file, ONE, "delete", rig.call("DELETE", VM), 202);
            rig.settle();
            check(file, ONE, "delete", rig.call("DELETE", VM), 204);
        }
        assertThat(checked).isEqualTo(18);
        ObjectNode wrong = Json.parseObject("{\"properties\":{\"timeCreated\":\"yesterday\",\"vmId\":1}}");
        assertThat(shapes.problems(file, ONE, "get", 200, wrong)).hasSize(3);
    }

    private void check(Path file, String template, String method, Response response, int status) {
        ObjectNode body = ArmRig.body(response);
        assertThat(response.status())
                .as("%s %s: %s", method.toUpperCase(Locale.ROOT), template, Json.text(body))
                .isEqualTo(status);
        assertThat(shapes.problems(file, template, method, status, body))
                .as("%s %s: %s", method.toUpperCase(Locale.ROOT), template, Json.text(body))
                .isEmpty();
        checked++;
    }
}

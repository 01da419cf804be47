package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.Shapes;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every field of every body, replaced by what it should not be: always answered, never with a fault. A fault would
 * escape the surface as another exception than a refusal and fail the test.
 */
class MutatedBodiesTest {
    private static final List<String> WRONG = List.of(
            "null",
            "true",
            "-1",
            "9e99",
            "123456789012345678901234567890",
            "\"\"",
            "\"x\"",
            "\"\\u0000\\uD800 ../%2f'\\\";--\"",
            "[]",
            "[null]",
            "[[[]]]",
            "{}",
            "{\"\":null}",
            "{\"id\":{\"id\":[]}}",
            "\"" + "A".repeat(5000) + "\"");

    @TempDir
    Path directory;

    private ArmRig rig;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void groups() {
        spell("PUT", ArmRig.GROUP, Bodies.group(), "env");
        spell("PATCH", ArmRig.GROUP, Bodies.group(), "env");
        mutate("PUT", ArmRig.GROUP, Bodies.group());
        mutate("PATCH", ArmRig.GROUP, Bodies.group());
    }

    @Test
    void networkResourcesAndIdentities() {
        String nic = ArmRig.GROUP + "/providers/Microsoft.Network/networkInterfaces/n";
        mutate("PUT", nic, "{\"location\":\"westeurope\",\"properties\":{\"ipConfigurations\":[{\"name\":\"a\"}]}}");
        mutate("PUT", ArmRig.GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/idn", Bodies.group());
    }

    @Test
    void sets() {
        String key = rig.vault.create(1);
        String body = set(key);
        spell("PUT", Bodies.SET, body, "someFutureField", "a");
        spell("PATCH", Bodies.SET, body, "someFutureField", "a");
        mutate("PUT", Bodies.SET, body);
        rig.call("PUT", Bodies.SET, Bodies.set(key));
        mutate("PATCH", Bodies.SET, body);
        mutate("POST", Bodies.SET + "/preflight", body);
    }

    private static String set(String key) {
        return Bodies.set(key)
                .replace(
                        "\"activeKey\": {",
                        "\"federatedClientId\": \"None\", \"rotationToLatestKeyVersionEnabled\": false,"
                                + " \"activeKey\": {\"sourceVault\": {\"id\": \"" + ArmRig.GROUP
                                + "/providers/Microsoft.KeyVault/vaults/kv\"}, ");
    }

    @Test
    void disks() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        spell("PUT", Bodies.COMPUTE + "/disks/d", Bodies.disk());
        spell("PATCH", Bodies.COMPUTE + "/disks/d", Bodies.disk());
        mutate("PUT", Bodies.COMPUTE + "/disks/d", Bodies.disk());
        mutate("PATCH", Bodies.COMPUTE + "/disks/d", Bodies.disk());
    }

    @Test
    void images() {
        ImageFiles.raw(directory, "debian-12.raw", 1 << 20);
        String image = Bodies.COMPUTE + "/images/i";
        spell("PUT", image, ImageRoutesTest.image(", \"diskSizeGB\": 4"), "os", "caching", "zoneResilient");
        mutate("PUT", image, ImageRoutesTest.image(", \"diskSizeGB\": 4"));
        rig.call("PUT", image, ImageRoutesTest.image(""));
        mutate("PATCH", image, ImageRoutesTest.image(""));
        String reference = "{\"id\": \"" + image + "\", \"publisher\": \"p\"}";
        String vm = Bodies.vm("vm1").replaceFirst("\"imageReference\": \\{[^}]*}", "\"imageReference\": " + reference);
        mutate("PUT", Bodies.COMPUTE + "/virtualMachines/vm1", vm);
    }

    @Test
    void vms() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        String vm = Bodies.COMPUTE + "/virtualMachines/vm1";
        String body = Bodies.vm("vm1", ", \"diskSizeGB\": 32, \"deleteOption\": \"Delete\"", "");
        spell("PUT", vm, body, "role", "aFieldFromTheFuture", "caching", "storageAccountType");
        spell("PATCH", vm, body, "role", "aFieldFromTheFuture", "caching", "storageAccountType");
        mutate("PUT", vm, body);
        mutate("PATCH", vm, body);
    }

    /** A field that is added to a shape is to be in the bodies that are tried here. */
    @Test
    void theBodies_haveEveryFieldThatIsDeclared() {
        Map<String, Shape> shapes = Shapes.all();
        String key = "https://v/keys/k/1";
        assertThat(missing(shapes, "GroupRoutes.SHAPE", Bodies.group()))
                .containsExactlyInAnyOrder("managedBy", "properties");
        assertThat(missing(shapes, "DiskSetBody.SHAPE", set(key)))
                .containsExactlyInAnyOrder("identity.userAssignedIdentities", "deep");
        assertThat(missing(shapes, "DiskBody.SHAPE", Bodies.disk()))
                .containsExactlyInAnyOrder(
                        "tags",
                        "properties.osType",
                        "properties.creationData.imageReference",
                        "properties.creationData.imageReference.id",
                        "properties.encryption",
                        "properties.encryption.diskEncryptionSetId");
    }

    private static List<String> missing(Map<String, Shape> shapes, String shape, String body) {
        ObjectNode whole = Json.parseObject(body);
        return Objects.requireNonNull(shapes.get(shape)).fields().stream()
                .filter(Shapes::isRead)
                .map(Shape.Field::path)
                .filter(path -> Shapes.walk(whole, Shapes.steps(path)).isMissingNode())
                .toList();
    }

    @Test
    void bodiesThatAreNoObjects() {
        List<String> bodies = List.of(
                "",
                " ",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "\u0000\u0001",
                "[".repeat(100_000),
                "{\"a\":".repeat(2000) + "1" + "}".repeat(2000));
        for (String body : bodies) {
            for (String target : List.of(
                    ArmRig.GROUP, Bodies.SET, Bodies.COMPUTE + "/virtualMachines/v", Bodies.COMPUTE + "/disks/d")) {
                for (String method : List.of("PUT", "PATCH")) {
                    Response answer = rig.call(method, target, body);
                    assertThat(answer.status()).as("%s %s", method, target).isIn(400, 404);
                    assertThat(ArmRig.body(answer).path("error").path("message").asString())
                            .isNotBlank();
                }
            }
        }
    }

    /**
     * Every name of the body in other letters: the resource becomes the same as with the right ones, nothing is stored
     * twice. Every name in two spellings: refused.
     *
     * @param free names of fields that no shape knows, or that are data
     */
    private void spell(String method, String target, String body, String... free) {
        ObjectNode whole = Json.parseObject(body);
        List<List<Object>> paths = new ArrayList<>();
        collect(whole, List.of(), paths);
        assertThat(rig.call(method, target, body).status()).isBetween(200, 202);
        rig.settle();
        ObjectNode wanted = read(target);
        for (List<Object> path : paths) {
            boolean known = path.stream().noneMatch(List.of(free)::contains);
            if (!(path.getLast() instanceof String) || !known) {
                continue;
            }
            List<String> steps = path.stream().map(Object::toString).toList();
            ObjectNode other = Shapes.renamed(whole, steps, Shapes.otherCase(steps.getLast()));
            Response answer = rig.call(method, target, other.toString());
            assertThat(answer.status())
                    .as("%s in other letters: %s", path, ArmRig.body(answer))
                    .isBetween(200, 202);
            rig.settle();
            assertThat(read(target)).as("%s in other letters", path).isEqualTo(wanted);
            Response twice =
                    rig.call(method, target, Shapes.doubled(whole, steps).toString());
            assertThat(twice.status()).as("%s twice", path).isEqualTo(400);
            assertThat(ArmRig.body(twice).path("error").path("message").asString())
                    .contains("two spellings", "'" + steps.getLast() + "'");
        }
    }

    /** The resource as it is read, without what every write changes. */
    private ObjectNode read(String target) {
        ObjectNode out = ArmRig.body(rig.call("GET", target));
        out.remove("etag");
        return out;
    }

    private void mutate(String method, String target, String body) {
        ObjectNode whole = Json.parseObject(body);
        List<List<Object>> paths = new ArrayList<>();
        collect(whole, List.of(), paths);
        int refused = 0;
        for (List<Object> path : paths) {
            for (String wrong : WRONG) {
                ObjectNode mutated = whole.deepCopy();
                JsonNode value = Json.parseObject(("{\"v\":" + wrong + "}")).get("v");
                put(mutated, path, value);
                Response answer = rig.call(method, target, mutated.toString());
                assertThat(answer.status())
                        .as("%s %s with %s at %s", method, target, wrong, path)
                        .isBetween(200, 499);
                if (answer.status() >= 400) {
                    refused++;
                    JsonNode error = ArmRig.body(answer).path("error");
                    assertThat(error.path("code").asString()).isNotBlank();
                    assertThat(error.path("message").asString()).isNotBlank().doesNotContain("Secret-123!");
                }
            }
        }
        rig.settle();
        assertThat(refused).as("mutations of %s that were refused", target).isPositive();
    }

    private static void collect(JsonNode node, List<Object> at, List<List<Object>> paths) {
        if (!at.isEmpty()) {
            paths.add(at);
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(e -> collect(e.getValue(), append(at, e.getKey()), paths));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                collect(array.get(i), append(at, i), paths);
            }
        }
    }

    private static List<Object> append(List<Object> list, Object last) {
        List<Object> out = new ArrayList<>(list);
        out.add(last);
        return out;
    }

    private static void put(ObjectNode root, List<Object> path, JsonNode value) {
        JsonNode parent = root;
        for (Object step : path.subList(0, path.size() - 1)) {
            parent = step instanceof String name ? parent.get(name) : parent.get((Integer) step);
        }
        switch (path.getLast()) {
            case String name -> ((ObjectNode) parent).set(name, value);
            case Integer index -> ((ArrayNode) parent).set(index, value);
            default -> throw new IllegalStateException();
        }
    }
}

package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Ids in all their spellings, and names that look like parts of an id. */
class NamesTest {
    private static final String GROUPS = "/subscriptions/" + ArmRig.SUB + "/resourceGroups/";

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

    @ParameterizedTest
    @CsvSource({
        "/subscriptions/S, /subscriptions/S",
        "/subscriptions/S/resourceGroups, /subscriptions/S",
        "/subscriptions/S/resourceGroups/G, /subscriptions/S/resourceGroups/G",
        "/subscriptions/S/resourceGroups/G/resources, /subscriptions/S/resourceGroups/G",
        "/subscriptions/S/resourceGroups/providers, /subscriptions/S/resourceGroups/providers",
        "/subscriptions/S/providers/N/t, /subscriptions/S",
        "/subscriptions/S/resourceGroups/G/providers/N/t, /subscriptions/S/resourceGroups/G",
        "/subscriptions/S/resourceGroups/G/providers/N/t/n, /subscriptions/S/resourceGroups/G/providers/N/t/n",
        "/subscriptions/S/resourceGroups/G/providers/N/t/n/act, /subscriptions/S/resourceGroups/G/providers/N/t/n",
        "/subscriptions/S/resourceGroups/G/providers/N/t/providers, /subscriptions/S/resourceGroups/G/providers/N/t/providers",
        "/subscriptions/S/resourceGroups/G/providers/N/t/providers/act, /subscriptions/S/resourceGroups/G/providers/N/t/providers",
        "/subscriptions/S/resourceGroups/providers/providers/N/t/providers, /subscriptions/S/resourceGroups/providers/providers/N/t/providers",
        "/subscriptions/S/resourceGroups/G/providers/N/t/n/providers/M/u/v, /subscriptions/S/resourceGroups/G/providers/N/t/n/providers/M/u/v",
    })
    void theScopeOfAPath_isReadByPosition(String path, String scope) {
        assertThat(ArmPath.of(path).id()).hasToString(scope);
    }

    @Test
    void everythingMayBeNamedProviders_andWhoMayUseItDoes() {
        String group = GROUPS + "providers";
        String compute = group + "/providers/Microsoft.Compute";
        String set = compute + "/diskEncryptionSets/providers";
        rig.call("PUT", group, Bodies.group());
        String key = rig.vault.create(1);
        rig.grant("keeper", set, Roles.CONTRIBUTOR);
        rig.grant("group keeper", group, Roles.CONTRIBUTOR);
        assertThat(as("group keeper", "PUT", set, Bodies.set(key)).status()).isIn(200, 201, 202);
        assertThat(as("keeper", "GET", set, "").status()).isEqualTo(200);
        assertThat(as("keeper", "PATCH", set, "{\"tags\":{\"a\":\"b\"}}").status())
                .isIn(200, 202);
        assertThat(as("keeper", "GET", set + "/census", "").status()).isEqualTo(200);
        assertThat(as("keeper", "GET", compute + "/diskEncryptionSets", "").status())
                .isEqualTo(403);
        String disk = compute + "/disks/providers";
        assertThat(as("group keeper", "PUT", disk, Bodies.disk().replace(Bodies.SET, set))
                        .status())
                .isIn(200, 201, 202);
        rig.settle();
        String vm = compute + "/virtualMachines/providers";
        String body = Bodies.vm("providers").replace(Bodies.SET, set).replace("providers_os", "my.os.disk");
        Response made = as("group keeper", "PUT", vm, body);
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        rig.settle();
        assertThat(as("group keeper", "POST", vm + "/deallocate", "").status()).isEqualTo(202);
        rig.settle();
        assertThat(as("group keeper", "GET", compute + "/disks/my.os.disk", "").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/providers/Microsoft.Compute/disks/d/providers/X",
                "/providers/Microsoft.Resources/resourceGroups/providers"
            })
    void aScopeThatIsNoId_hasNoRoleAssignments(String behind) {
        String at = GROUPS + "g" + behind + "/providers/Microsoft.Authorization/roleAssignments";
        assertThat(rig.call("GET", at).status()).isEqualTo(404);
        assertThat(rig.call("GET", at + "/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    private Response as(String who, String method, String path, String body) {
        return rig.as(who, method, path, body, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "diskEncryptionSets, a.b, false",
        "diskEncryptionSets, _ab-1, true",
        "disks, a.b, true",
        "disks, a., false",
        "virtualMachines, a.b, true",
        "virtualMachines, a.b-, false",
    })
    void names_followOneRule(String type, String name, boolean right) {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        String body = switch (type) {
            case "disks" -> Bodies.disk();
            case "virtualMachines" -> Bodies.vm("x");
            default -> Bodies.set(rig.vault.create(2));
        };
        Response answer = rig.call("PUT", Bodies.COMPUTE + "/" + type + "/" + name, body);
        assertThat(answer.status())
                .as(ArmRig.body(answer).toString())
                .isIn(right ? new Integer[] {200, 201, 202} : new Integer[] {400});
    }

    @Test
    void aSetWhoseNameIsWrongByNow_canStillBeReadPatchedAndPut_andNoOtherCanBeMade() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        rig.rename(Bodies.SET, "old.set");
        String old = Bodies.COMPUTE + "/diskEncryptionSets/old.set";
        assertThat(rig.call("GET", old).status()).isEqualTo(200);
        String next = rig.vault.create(2);
        assertThat(rig.call("PUT", old, Bodies.set(next)).status()).isIn(200, 202);
        rig.settle();
        assertThat(ArmRig.body(rig.call("GET", old))
                        .path("properties")
                        .path("activeKey")
                        .path("keyUrl")
                        .asString())
                .isEqualTo(next);
        assertThat(rig.call("PATCH", old, "{\"tags\":{}}").status()).isEqualTo(200);
        Response refused = rig.call("PUT", old.replace("old.set", "new.set"), Bodies.set(next));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(ArmRig.body(refused).path("error").path("code").asString()).isEqualTo("InvalidResourceName");
    }

    @Test
    void oneResource_inManySpellingsOfItsId_staysOne() {
        String key = rig.vault.create(1);
        rig.call("PUT", Bodies.SET, Bodies.set(key));
        String first = ArmRig.body(rig.call("GET", Bodies.SET)).path("id").asString();
        for (String spelling : new String[] {
            Bodies.SET.toLowerCase(Locale.ROOT),
            Bodies.SET.toUpperCase(Locale.ROOT),
            Bodies.SET.replace("resourceGroups", "resourcegroups"),
            Bodies.SET.replace("/providers/", "//providers//"),
        }) {
            ObjectNode read = ArmRig.body(rig.call("GET", spelling));
            assertThat(read.path("id").asString()).isEqualTo(first);
            assertThat(rig.call("PUT", spelling, read.toString()).status()).isIn(200, 202);
            rig.settle();
        }
        ObjectNode list = ArmRig.body(rig.call("GET", Bodies.COMPUTE + "/diskEncryptionSets"));
        assertThat(list.path("value")).hasSize(1);
        assertThat(list.path("value").path(0).path("id").asString()).isEqualTo(first);
    }
}

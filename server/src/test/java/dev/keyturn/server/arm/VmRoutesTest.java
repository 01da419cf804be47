package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class VmRoutesTest {
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";

    @TempDir
    Path directory;

    private ArmRig rig;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void make() {
        Response made = rig.call("PUT", VM, Bodies.vm("vm1"));
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        assertThat(rig.finish(made).path("status").asString()).isEqualTo("Succeeded");
    }

    @Test
    void put_makesARunningVm_andAnswersWhatWasSent() {
        make();
        ObjectNode vm = ArmRig.body(rig.call("GET", VM + "?$expand=instanceView"));
        JsonNode properties = vm.path("properties");
        assertThat(properties.path("provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(properties.path("aFieldFromTheFuture").toString()).isEqualTo("[1,2]");
        JsonNode os = properties.path("storageProfile").path("osDisk");
        assertThat(os.path("managedDisk").path("id").asString()).isEqualTo(Bodies.COMPUTE + "/disks/vm1_os");
        assertThat(os.path("managedDisk")
                        .path("securityProfile")
                        .path("diskEncryptionSet")
                        .path("id")
                        .asString())
                .isEqualTo(Bodies.SET);
        assertThat(codes(properties.path("instanceView")))
                .contains("ProvisioningState/succeeded", "PowerState/running");
        assertThat(properties.path("instanceView").toString()).contains("simulated host");
        assertThat(rig.call("PUT", VM, vm.toString()).status()).isEqualTo(200);
    }

    @Test
    void secretsOfTheBody_areNeitherAnsweredNorStored() throws Exception {
        make();
        for (String target : List.of(VM, VM + "?$expand=instanceView", Bodies.COMPUTE + "/virtualMachines")) {
            String text = new String(rig.call("GET", target).body(), StandardCharsets.UTF_8);
            assertThat(text).contains("azureuser").doesNotContain("Secret-123!").doesNotContain("c2VjcmV0");
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(bytes)
                        .as(file.toString())
                        .doesNotContain("Secret-123!")
                        .doesNotContain("c2VjcmV0");
            }
        }
    }

    @Test
    void powerActions_leadToTheirStates_andTheLocationPollEndsIn200() {
        make();
        for (String[] step : new String[][] {
            {"powerOff", "PowerState/stopped"},
            {"start", "PowerState/running"},
            {"restart", "PowerState/running"},
            {"powerOff?skipShutdown=true", "PowerState/stopped"},
            {"deallocate", "PowerState/deallocated"},
            {"start", "PowerState/running"}
        }) {
            Response accepted = rig.call("POST", VM + "/" + step[0]);
            assertThat(accepted.status()).isEqualTo(202);
            assertThat(ArmRig.header(accepted, "Retry-After")).isEqualTo("1");
            rig.settle();
            Response monitor = rig.call("GET", ArmRig.relative(ArmRig.header(accepted, "Location")));
            assertThat(monitor.status()).as(step[0]).isEqualTo(200);
            ObjectNode view = ArmRig.body(rig.call("GET", VM + "/instanceView"));
            assertThat(codes(view)).as(step[0]).contains(step[1]);
        }
        assertThat(rig.call("POST", VM + "/powerOff?skipShutdown=perhaps").status())
                .isEqualTo(400);
        assertThat(rig.call("POST", VM + "/start").status()).isIn(200, 202);
    }

    @Test
    void actions_takeTheirOwnPermissions() {
        make();
        rig.grant("reader", ArmRig.GROUP, Roles.READER);
        Response refused = rig.as("reader", "POST", VM + "/start", "", Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(ArmRig.body(refused).path("error").path("message").asString())
                .contains("Microsoft.Compute/virtualMachines/start/action");
    }

    @Test
    void put_withASetTheCallerMayNotRead_isForbidden() {
        rig.grant("maker", VM, Roles.CONTRIBUTOR);
        Response refused = rig.as("maker", "PUT", VM, Bodies.vm("vm1"), Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(ArmRig.body(refused).path("error").path("message").asString())
                .contains("Microsoft.Compute/diskEncryptionSets/read");
    }

    @Test
    void patch_ofTags_keepsTheVmAsItIs() {
        make();
        ObjectNode before = ArmRig.body(rig.call("GET", VM));
        Response patched = rig.call("PATCH", VM, "{\"tags\":{\"role\":null,\"owner\":\"me\"}}");
        assertThat(patched.status()).as(ArmRig.body(patched).toString()).isEqualTo(200);
        rig.settle();
        ObjectNode after = ArmRig.body(rig.call("GET", VM));
        assertThat(after.path("tags").toString()).isEqualTo("{\"owner\":\"me\"}");
        assertThat(after.path("properties").path("storageProfile"))
                .isEqualTo(before.path("properties").path("storageProfile"));
    }

    @Test
    void dataDisks_areAttachedAndDetachedByPutAndPatch() {
        make();
        rig.finish(rig.call("POST", VM + "/deallocate"));
        String disk = Bodies.COMPUTE + "/disks/extra";
        Response made = rig.call("PUT", disk, Bodies.disk());
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(202);
        rig.settle();
        assertThat(state(disk)).isEqualTo("Unattached");
        ObjectNode vm = ArmRig.body(rig.call("GET", VM));
        ArrayNode disks =
                (ArrayNode) vm.path("properties").path("storageProfile").path("dataDisks");
        disks.addObject()
                .put("lun", 1)
                .put("createOption", "Attach")
                .putObject("managedDisk")
                .put("id", disk);
        Response put = rig.call("PUT", VM, vm.toString());
        assertThat(put.status()).as(ArmRig.body(put).toString()).isEqualTo(200);
        rig.settle();
        assertThat(state(disk)).isEqualTo("Reserved");
        assertThat(ArmRig.body(rig.call("GET", disk)).path("managedBy").asString())
                .isEqualTo(VM);
        assertThat(ArmRig.body(rig.call("GET", VM + "/artifacts")).path("value"))
                .hasSize(4);
        assertThat(rig.call("DELETE", disk).status()).isEqualTo(409);

        ObjectNode storage = ArmRig.body(rig.call("GET", VM));
        ObjectNode first = (ObjectNode) storage.path("properties")
                .path("storageProfile")
                .path("dataDisks")
                .path(0);
        String patch = "{\"properties\":{\"storageProfile\":{\"dataDisks\":[" + first + "]}}}";
        Response patched = rig.call("PATCH", VM, patch);
        assertThat(patched.status()).as(ArmRig.body(patched).toString()).isEqualTo(200);
        rig.settle();
        assertThat(state(disk)).isEqualTo("Unattached");
        assertThat(rig.call("DELETE", disk).status()).isEqualTo(202);
        rig.settle();
        assertThat(rig.call("GET", disk).status()).isEqualTo(404);
    }

    @Test
    void R7_ephemeralVmThatJoinsASetOfOthers_isWarnedOf() {
        make();
        String ephemeral = Bodies.COMPUTE + "/virtualMachines/eph";
        Response made =
                rig.call("PUT", ephemeral, Bodies.vm("eph", ", \"diffDiskSettings\": {\"option\": \"Local\"}", ""));
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        assertThat(ArmRig.body(made).path("warnings")).isNotEmpty();
        rig.settle();
        ObjectNode view = ArmRig.body(rig.call("GET", ephemeral + "/instanceView"));
        assertThat(codes(view)).anyMatch(c -> c.startsWith("Warning/"));
        assertThat(rig.call("POST", ephemeral + "/powerOff").status()).isEqualTo(409);
    }

    @Test
    void lists_byGroupSubscriptionAndLocation_withAndWithoutStatus() {
        make();
        String sub = "/subscriptions/" + ArmRig.SUB + "/providers/Microsoft.Compute";
        for (String list : List.of(
                Bodies.COMPUTE + "/virtualMachines",
                sub + "/virtualMachines",
                sub + "/locations/westeurope/virtualMachines")) {
            assertThat(ArmRig.body(rig.call("GET", list)).path("value"))
                    .as(list)
                    .hasSize(1);
        }
        assertThat(ArmRig.body(rig.call("GET", sub + "/locations/mars/virtualMachines"))
                        .path("value"))
                .isEmpty();
        JsonNode plain = ArmRig.body(rig.call("GET", sub + "/virtualMachines"))
                .path("value")
                .path(0);
        assertThat(plain.path("properties").has("instanceView")).isFalse();
        JsonNode status = ArmRig.body(rig.call("GET", sub + "/virtualMachines?statusOnly=true"))
                .path("value")
                .path(0);
        assertThat(codes(status.path("properties").path("instanceView"))).contains("PowerState/running");
        assertThat(ArmRig.body(rig.call("GET", Bodies.COMPUTE + "/disks")).path("value"))
                .hasSize(2);
    }

    @Test
    void put_withSeveralWrongFields_namesEachOfThem() {
        Response refused = rig.call(
                "PUT",
                VM,
                "{\"location\":\"westeurope\",\"identity\":{\"type\":\"SystemAssigned\"},\"properties\":{"
                        + "\"storageProfile\":{\"osDisk\":{\"managedDisk\":{\"id\":\"nonsense\"}},"
                        + "\"dataDisks\":[{\"lun\":\"x\"}]},\"securityProfile\":7}}");
        assertThat(refused.status()).isEqualTo(400);
        List<String> targets = new ArrayList<>();
        ArmRig.body(refused)
                .path("error")
                .path("details")
                .forEach(d -> targets.add(d.path("target").asString()));
        assertThat(targets)
                .contains(
                        "identity.type",
                        "properties.storageProfile.osDisk.managedDisk.id",
                        "properties.storageProfile.dataDisks[0].lun",
                        "properties.securityProfile");
    }

    @Test
    void R1_vmWithoutASet_isUnderThePlatformsKey() {
        String plain = Bodies.vm("vm1").replaceAll(",\\s*\"diskEncryptionSet\": \\{[^}]*}", "");
        Response made = rig.call("PUT", VM, plain);
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        rig.settle();
        ArmRig.body(rig.call("GET", VM + "/artifacts"))
                .path("value")
                .forEach(a -> assertThat(a.path("keyType").asString()).isEqualTo("PlatformManaged"));
        assertThat(ArmRig.body(rig.call("GET", Bodies.SET + "/census"))
                        .path("artifacts")
                        .intValue())
                .isZero();
    }

    @Test
    void killSwitch_startWithADisabledKey_isRefusedNamingTheKey() {
        String key = rig.vault.create(1);
        make();
        rig.finish(rig.call("POST", VM + "/deallocate"));
        rig.vault.disable(key);
        Response refused = rig.call("POST", VM + "/start");
        assertThat(refused.status()).isBetween(400, 499);
        assertThat(ArmRig.body(refused).toString()).contains(key);
    }

    private String state(String disk) {
        return ArmRig.body(rig.call("GET", disk))
                .path("properties")
                .path("diskState")
                .asString();
    }

    private static List<String> codes(JsonNode view) {
        List<String> out = new ArrayList<>();
        view.path("statuses").forEach(s -> out.add(s.path("code").asString()));
        return out;
    }
}

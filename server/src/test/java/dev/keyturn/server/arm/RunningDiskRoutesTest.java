package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Data disks of a VM that runs, as clients attach and detach them: a GET, a changed list, a PUT. */
class RunningDiskRoutesTest {
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";
    private static final String EXTRA = Bodies.COMPUTE + "/disks/extra";
    private static final String NEW = Bodies.COMPUTE + "/disks/new";

    @TempDir
    Path directory;

    private ArmRig rig;
    private String key;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        key = rig.vault.create(1);
        rig.call("PUT", Bodies.SET, Bodies.set(key));
        rig.finish(rig.call("PUT", VM, Bodies.vm("vm1")));
        rig.finish(rig.call("PUT", EXTRA, Bodies.disk()));
        assertThat(statuses()).contains("PowerState/running");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private List<String> statuses() {
        List<String> out = new ArrayList<>();
        ArmRig.body(rig.call("GET", VM + "/instanceView"))
                .path("statuses")
                .forEach(s -> out.add(s.path("code").asString()));
        return out;
    }

    private static ArrayNode disks(ObjectNode vm) {
        return (ArrayNode) vm.path("properties").path("storageProfile").path("dataDisks");
    }

    private ObjectNode vm() {
        return ArmRig.body(rig.call("GET", VM));
    }

    private ObjectNode disk(String id) {
        return ArmRig.body(rig.call("GET", id));
    }

    private List<String> names() {
        List<String> out = new ArrayList<>();
        disks(vm()).forEach(d -> out.add(d.path("name").asString()));
        return out;
    }

    private void succeeds(Response answer) {
        assertThat(answer.status()).as(ArmRig.body(answer).toString()).isEqualTo(200);
        assertThat(rig.finish(answer).path("status").asString()).isEqualTo("Succeeded");
    }

    @Test
    void dataDisk_thatExists_isAttachedByAPut_andDetachedByAnother() {
        ObjectNode vm = vm();
        disks(vm)
                .addObject()
                .put("lun", 1)
                .put("createOption", "Attach")
                .put("caching", "None")
                .putObject("managedDisk")
                .put("id", EXTRA);
        succeeds(rig.call("PUT", VM, vm.toString()));
        assertThat(names()).containsExactly("vm1_data", "extra");
        assertThat(disk(EXTRA).path("managedBy").asString()).isEqualTo(VM);
        assertThat(disk(EXTRA).path("properties").path("diskState").asString()).isEqualTo("Attached");
        assertThat(ArmRig.body(rig.call("GET", VM + "/instanceView")).path("disks"))
                .hasSize(3);
        assertThat(statuses()).contains("ProvisioningState/succeeded", "PowerState/running");

        ObjectNode without = vm();
        disks(without).remove(1);
        succeeds(rig.call("PUT", VM, without.toString()));
        assertThat(names()).containsExactly("vm1_data");
        assertThat(disk(EXTRA).path("properties").path("diskState").asString()).isEqualTo("Unattached");
        assertThat(disk(EXTRA).has("managedBy")).isFalse();
    }

    @Test
    void dataDisk_thatIsNew_isMadeAndAttachedByAPut() {
        ObjectNode vm = vm();
        disks(vm)
                .addObject()
                .put("lun", 1)
                .put("createOption", "Empty")
                .put("name", "new")
                .put("diskSizeGB", 16);
        succeeds(rig.call("PUT", VM, vm.toString()));
        assertThat(names()).containsExactly("vm1_data", "new");
        assertThat(disk(NEW).path("managedBy").asString()).isEqualTo(VM);
        JsonNode artifacts = ArmRig.body(rig.call("GET", VM + "/artifacts")).path("value");
        assertThat(artifacts)
                .hasSize(4)
                .allSatisfy(a -> assertThat(a.path("keyUrl").asString()).isEqualTo(key));
        assertThat(rig.call("PUT", VM, vm().toString()).status()).isEqualTo(200); // what was answered is what is there
        assertThat(names()).containsExactly("vm1_data", "new");
    }

    @Test
    void dataDisks_areAttachedByAPatch_andDetachedByTheMarkInOne() {
        ArrayNode disks = disks(vm());
        disks.addObject()
                .put("lun", 7)
                .put("createOption", "Attach")
                .putObject("managedDisk")
                .put("id", EXTRA);
        succeeds(rig.call("PATCH", VM, patch(disks)));
        assertThat(names()).containsExactly("vm1_data", "extra");

        ArrayNode both = disks(vm());
        ((ObjectNode) both.path(0)).put("toBeDetached", true);
        succeeds(rig.call("PATCH", VM, patch(both)));
        assertThat(names()).containsExactly("extra");
        assertThat(disk(Bodies.COMPUTE + "/disks/vm1_data")
                        .path("properties")
                        .path("diskState")
                        .asString())
                .isEqualTo("Unattached");
    }

    private static String patch(ArrayNode disks) {
        return "{\"properties\":{\"storageProfile\":{\"dataDisks\":" + disks + "}}}";
    }

    @Test
    void dataDisk_whoseKeyIsDisabled_isRefusedNamingTheKey() {
        rig.vault.disable(key);
        ObjectNode vm = vm();
        disks(vm)
                .addObject()
                .put("lun", 1)
                .put("createOption", "Attach")
                .putObject("managedDisk")
                .put("id", EXTRA);
        Response refused = rig.call("PUT", VM, vm.toString());
        assertThat(refused.status()).isEqualTo(409);
        assertThat(ArmRig.body(refused).toString()).contains(key, "extra");
        assertThat(names()).containsExactly("vm1_data");
    }

    @Test
    void dataDisk_ofAnotherVm_isRefusedNamingThatVm() {
        ObjectNode vm = vm();
        rig.finish(rig.call("PUT", Bodies.COMPUTE + "/virtualMachines/vm2", Bodies.vm("vm2")));
        disks(vm)
                .addObject()
                .put("lun", 1)
                .put("createOption", "Attach")
                .putObject("managedDisk")
                .put("id", Bodies.COMPUTE + "/disks/vm2_data");
        disks(vm)
                .addObject()
                .put("lun", 2)
                .put("createOption", "Empty")
                .put("name", "extra")
                .put("diskSizeGB", 4);
        Response refused = rig.call("PUT", VM, vm.toString());
        assertThat(refused.status()).isEqualTo(409);
        JsonNode error = ArmRig.body(refused).path("error");
        assertThat(error.path("details")).hasSize(2);
        assertThat(error.toString()).contains("attached to VM 'vm2'", "'extra' is in the resource group already");
        assertThat(names()).containsExactly("vm1_data");
    }

    @Test
    void dataDisk_takesTheRightToWriteTheDisk_alsoWhileTheVmRuns() {
        rig.grant("maker", VM, Roles.CONTRIBUTOR);
        rig.grant("maker", Bodies.SET, Roles.READER);
        ArrayNode disks = disks(vm());
        disks.removeAll();
        disks.addObject()
                .put("lun", 1)
                .put("createOption", "Attach")
                .putObject("managedDisk")
                .put("id", EXTRA);
        Response refused = rig.as("maker", "PATCH", VM, patch(disks), Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(ArmRig.body(refused).path("error").path("message").asString())
                .contains("Microsoft.Compute/disks/write");
    }

    @Test
    void whatCannotBeChanged_isStillRefused_whereADiskIsAttachedWithIt() {
        ObjectNode vm = vm();
        disks(vm)
                .addObject()
                .put("lun", 1)
                .put("createOption", "Empty")
                .put("name", "new")
                .put("diskSizeGB", 16);
        ((ObjectNode) vm.path("properties")
                        .path("storageProfile")
                        .path("osDisk")
                        .path("managedDisk")
                        .path("securityProfile"))
                .put("securityEncryptionType", "VMGuestStateOnly")
                .remove("diskEncryptionSet");
        assertThat(rig.call("PUT", VM, vm.toString()).status()).isEqualTo(400);
        assertThat(names()).containsExactly("vm1_data");
        assertThat(rig.call("GET", NEW).status()).isEqualTo(404);
    }
}

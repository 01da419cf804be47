package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code Microsoft.Compute/images}, and the VMs and disks that are made from them. */
class ImageRoutesTest {
    private static final long GIB = 1L << 30;
    private static final String IMAGES = Bodies.COMPUTE + "/images";
    private static final String IMAGE = IMAGES + "/debian";
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";
    private static final String PLATFORM =
            "\"publisher\": \"Canonical\", \"offer\": \"o\", \"sku\": \"s\", \"version\": \"latest\"";

    @TempDir
    Path directory;

    private ArmRig rig;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        ImageFiles.raw(directory, "debian-12.raw", 3 * GIB);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    static String image(String osDisk) {
        return """
                {"location": "westeurope", "tags": {"os": "debian"},
                 "properties": {"hyperVGeneration": "V2", "storageProfile": {
                  "osDisk": {"osType": "Linux", "osState": "Generalized", "caching": "ReadWrite",
                   "blobUri": "file:///debian-12.raw"%s}, "zoneResilient": false}}}""".formatted(osDisk);
    }

    private void make() {
        assertThat(rig.call("PUT", IMAGE, image("")).status()).isEqualTo(201);
    }

    private static String vm(String reference) {
        return Bodies.vm("vm1").replace(PLATFORM, reference);
    }

    private JsonNode error(Response refused, int status) {
        assertThat(refused.status()).as(ArmRig.body(refused).toString()).isEqualTo(status);
        return ArmRig.body(refused).path("error");
    }

    @Test
    void put_makesAnImage_inAzuresShape() {
        Response made = rig.call("PUT", IMAGE, image(""));
        assertThat(made.status()).isEqualTo(201);
        JsonNode properties = ArmRig.body(rig.call("GET", IMAGE)).path("properties");
        assertThat(properties.path("provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(properties.path("hyperVGeneration").asString()).isEqualTo("V2");
        JsonNode os = properties.path("storageProfile").path("osDisk");
        assertThat(os).isEqualTo(Json.parseObject("""
                {"osType": "Linux", "osState": "Generalized", "caching": "ReadWrite",
                 "blobUri": "file:///debian-12.raw", "diskSizeGB": 3}"""));
        assertThat(rig.call("PUT", IMAGE, ArmRig.body(made).toString()).status())
                .isEqualTo(200);
    }

    @Test
    void patchListAndDelete_areAsOfOtherResources() {
        make();
        Response patched = rig.call("PATCH", IMAGE, "{\"tags\": {\"a\": \"b\"}}");
        assertThat(ArmRig.body(patched).path("tags").toString()).isEqualTo("{\"a\":\"b\"}");
        String all = "/subscriptions/" + ArmRig.SUB + "/providers/Microsoft.Compute/images";
        for (String list : new String[] {IMAGES, all}) {
            JsonNode found = ArmRig.body(rig.call("GET", list)).path("value");
            assertThat(found).hasSize(1);
            assertThat(found.path(0).path("id").asString()).isEqualTo(IMAGE);
        }
        String stale = "\"1\"";
        assertThat(rig.as("owner", "DELETE", IMAGE, "", Map.of("If-Match", stale))
                        .status())
                .isEqualTo(412);
        assertThat(rig.call("DELETE", IMAGE).status()).isEqualTo(200);
        assertThat(rig.call("DELETE", IMAGE).status()).isEqualTo(204);
        error(rig.call("GET", IMAGE), 404);
    }

    @Test
    void imageOfAGroup_goesWithTheGroup() {
        make();
        rig.finish(rig.call("DELETE", ArmRig.GROUP));
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        error(rig.call("GET", IMAGE), 404);
    }

    @Test
    void file_mustBeThereAndFit_andStaysTheImages() throws Exception {
        String missing = image("").replace("debian-12.raw", "debian-13.raw");
        JsonNode error = error(rig.call("PUT", IMAGE, missing), 400);
        assertThat(error.path("target").asString()).isEqualTo("properties.storageProfile.osDisk.blobUri");
        assertThat(error.path("message").asString())
                .contains("debian-13.raw", "images directory")
                .doesNotContain(directory.toString());
        Files.createSymbolicLink(directory.resolve("images/out.raw"), directory.resolve("keyturn.db"));
        assertThat(error(rig.call("PUT", IMAGE, image("").replace("debian-12.raw", "out.raw")), 400)
                        .path("message")
                        .asString())
                .contains("leads out");
        make();
        ImageFiles.raw(directory, "debian-13.raw", GIB);
        assertThat(error(rig.call("PUT", IMAGE, missing), 400).path("message").asString())
                .contains("cannot be changed");
        error(rig.call("PUT", IMAGE, image("").replace("westeurope", "northeurope")), 400);
        assertThat(error(rig.call("PUT", IMAGE, image(", \"diskSizeGB\": 2")), 400)
                        .path("message")
                        .asString())
                .contains("is 2 GB", "needs 3 GB");
        assertThat(error(rig.call("PUT", IMAGE, image(", \"managedDisk\": {\"id\": \"x\"}")), 400)
                        .path("target")
                        .asString())
                .isEqualTo("properties.storageProfile.osDisk.managedDisk");
        assertThat(error(rig.call("PUT", IMAGE, image("").replace("V2", "V1")), 400)
                        .path("message")
                        .asString())
                .contains("boot by UEFI");
    }

    @Test
    void vm_madeFromAnImage_hasItsSize_andOutlivesIt() {
        rig.call("PUT", IMAGE, image(", \"diskSizeGB\": 5"));
        Response made = rig.call("PUT", VM, vm("\"id\": \"" + IMAGE + "\""));
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        assertThat(rig.finish(made).path("status").asString()).isEqualTo("Succeeded");
        assertThat(rig.call("DELETE", IMAGE).status()).isEqualTo(200);
        JsonNode vm = ArmRig.body(rig.call("GET", VM));
        JsonNode storage = vm.path("properties").path("storageProfile");
        assertThat(storage.path("imageReference").toString()).isEqualTo("{\"id\":\"" + IMAGE + "\"}");
        assertThat(storage.path("osDisk").path("diskSizeGB").asInt()).isEqualTo(5);
        assertThat(rig.call("PATCH", VM, "{\"tags\": {}}").status()).isEqualTo(200);
        assertThat(rig.call("PUT", VM, vm.toString()).status()).isEqualTo(200);
    }

    @Test
    void realHost_needsAnImageThatIsThere() {
        rig.talkative.real = true;
        JsonNode error = error(rig.call("PUT", VM, Bodies.vm("vm1")), 400);
        assertThat(error.path("target").asString()).isEqualTo("properties.storageProfile.imageReference");
        assertThat(error.path("message").asString()).contains("Canonical/o/s/VERSION.qcow2");
        ImageFiles.raw(directory, "Canonical/o/s/1.raw", GIB);
        Response made = rig.call("PUT", VM, Bodies.vm("vm1"));
        assertThat(rig.finish(made).path("status").asString()).isEqualTo("Succeeded");
    }

    @Test
    void filling_showsInTheOperationsPercentComplete() {
        make();
        Response made = rig.call("PUT", VM, vm("\"id\": \"" + IMAGE + "\""));
        String poll = ArmRig.relative(ArmRig.header(made, "Azure-AsyncOperation"));
        List<String> seen = new ArrayList<>();
        assertThat(ArmRig.body(rig.call("GET", poll)).has("percentComplete")).isFalse();
        rig.talkative.whileFilling = progress -> {
            for (int percent : new int[] {1, 40, 42, 73}) {
                progress.at(percent);
                JsonNode now = ArmRig.body(rig.call("GET", poll));
                seen.add(now.path("status").asString() + " "
                        + now.path("percentComplete").asInt(0));
            }
        };
        JsonNode ended = rig.finish(made);
        assertThat(seen).containsExactly("InProgress 0", "InProgress 40", "InProgress 40", "InProgress 73");
        assertThat(ended.path("status").asString()).isEqualTo("Succeeded");
        assertThat(ended.path("percentComplete").asInt()).isEqualTo(100);
    }

    @Test
    void vm_ofAnImageThatIsNotThere_isRefused() {
        JsonNode error = error(rig.call("PUT", VM, vm("\"id\": \"" + IMAGE + "\"")), 400);
        assertThat(error.path("target").asString()).isEqualTo("properties.storageProfile.imageReference.id");
        error(rig.call("GET", VM), 404);
    }

    @Test
    void platformImage_thatHasAFile_tellsItsExactVersion() {
        ImageFiles.raw(directory, "Canonical/o/s/22.04.9.img", GIB);
        ImageFiles.raw(directory, "Canonical/o/s/22.04.10.img", 2 * GIB);
        rig.finish(rig.call("PUT", VM, Bodies.vm("vm1")));
        JsonNode storage = ArmRig.body(rig.call("GET", VM)).path("properties").path("storageProfile");
        assertThat(storage.path("imageReference").path("version").asString()).isEqualTo("latest");
        assertThat(storage.path("imageReference").path("exactVersion").asString())
                .isEqualTo("22.04.10");
        assertThat(storage.path("osDisk").path("diskSizeGB").asInt()).isEqualTo(2);
        assertThat(rig.call("PUT", VM, Bodies.vm("vm1")).status()).isEqualTo(200);
    }

    @Test
    void imageOfAVm_isForLife() {
        rig.finish(rig.call("PUT", VM, Bodies.vm("vm1")));
        make();
        for (Response refused : new Response[] {
            rig.call("PUT", VM, vm("\"id\": \"" + IMAGE + "\"")),
            rig.call("PUT", VM, vm(PLATFORM.replace("latest", "1.0"))),
            rig.call("PATCH", VM, "{\"properties\": {\"storageProfile\": {\"imageReference\": {\"sku\": \"t\"}}}}")
        }) {
            assertThat(error(refused, 400).path("message").asString()).contains("cannot be changed", "Canonical");
        }
        String without = Bodies.vm("vm1").replace("\"imageReference\": {" + PLATFORM + "},", "");
        assertThat(without).doesNotContain("imageReference");
        assertThat(rig.call("PUT", VM, without).status()).isEqualTo(200);
        assertThat(ArmRig.body(rig.call("GET", VM)).toString()).contains("\"publisher\":\"Canonical\"");
    }

    @Test
    void disk_madeFromAnImage_isAnOsDiskToAttach() {
        make();
        String disk = Bodies.COMPUTE + "/disks/os1";
        String body = Bodies.disk()
                .replace(
                        "{\"createOption\": \"Empty\"}, \"diskSizeGB\": 16",
                        "{\"createOption\": \"FromImage\", \"imageReference\": {\"id\": \"" + IMAGE + "\"}}");
        Response made = rig.call("PUT", disk, body);
        assertThat(rig.finish(made).path("status").asString())
                .as(ArmRig.body(made).toString())
                .isEqualTo("Succeeded");
        JsonNode properties = ArmRig.body(rig.call("GET", disk)).path("properties");
        assertThat(properties.path("diskSizeGB").asInt()).isEqualTo(3);
        assertThat(properties.path("hyperVGeneration").asString()).isEqualTo("V2");
        assertThat(properties.path("creationData").path("createOption").asString())
                .isEqualTo("FromImage");
        String attach = Bodies.vm("vm1")
                .replace("\"createOption\": \"FromImage\", \"name\": \"vm1_os\"", "\"createOption\": \"Attach\"")
                .replace("{\"storageAccountType\"", "{\"id\": \"" + disk + "\", \"storageAccountType\"");
        assertThat(error(rig.call("PUT", VM, attach), 400).path("target").asString())
                .isEqualTo("properties.storageProfile.imageReference");
        Response vm = rig.call("PUT", VM, attach.replace("\"imageReference\": {" + PLATFORM + "},", ""));
        assertThat(rig.finish(vm).path("status").asString())
                .as(ArmRig.body(vm).toString())
                .isEqualTo("Succeeded");
        assertThat(ArmRig.body(rig.call("GET", disk)).path("managedBy").asString())
                .isEqualTo(VM);
    }

    @Test
    void disk_fromImage_needsOne() {
        String disk = Bodies.COMPUTE + "/disks/os1";
        JsonNode none = error(rig.call("PUT", disk, Bodies.disk().replace("Empty", "FromImage")), 400);
        assertThat(none.path("target").asString()).isEqualTo("properties.creationData.imageReference.id");
    }

    @Test
    void usingAnImage_takesTheRightToReadIt() {
        make();
        String elsewhere = "/subscriptions/" + ArmRig.SUB + "/resourceGroups/other";
        rig.call("PUT", elsewhere, Bodies.group());
        rig.grant("builder", elsewhere, Roles.CONTRIBUTOR);
        rig.grant("builder", Bodies.SET, Roles.READER);
        String vm = elsewhere + "/providers/Microsoft.Compute/virtualMachines/vm1";
        String disk = elsewhere + "/providers/Microsoft.Compute/disks/d";
        String diskBody = Bodies.disk()
                .replace(
                        "\"createOption\": \"Empty\"",
                        "\"createOption\": \"FromImage\", \"imageReference\": {\"id\": \"" + IMAGE + "\"}");
        String vmBody = vm("\"id\": \"" + IMAGE + "\"");
        assertThat(error(rig.as("builder", "PUT", vm, vmBody, Map.of()), 403)
                        .path("message")
                        .asString())
                .contains("Microsoft.Compute/images/read");
        error(rig.as("builder", "PUT", disk, diskBody, Map.of()), 403);
        error(rig.as("builder", "GET", IMAGE, "", Map.of()), 403);
        rig.grant("builder", IMAGE, Roles.READER);
        assertThat(rig.as("builder", "PUT", vm, vmBody, Map.of()).status()).isEqualTo(201);
        assertThat(rig.as("builder", "PUT", disk, diskBody, Map.of()).status()).isEqualTo(202);
        error(rig.as("builder", "PUT", IMAGE, image(""), Map.of()), 403);
        error(rig.as("builder", "DELETE", IMAGE, "", Map.of()), 403);
    }
}

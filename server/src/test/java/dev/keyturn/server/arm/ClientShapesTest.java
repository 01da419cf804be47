package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Shapes of answers that Azure's own clients fall over without. */
class ClientShapesTest {
    private static final String SUB = "/subscriptions/" + ArmRig.SUB;

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
    void head_ofAnything_is204WhereItIsThere_and404WhereNot() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        for (String there :
                List.of(ArmRig.GROUP, Bodies.SET, SUB, SUB + "/resources", Bodies.COMPUTE + "/diskEncryptionSets")) {
            Response head = rig.call("HEAD", there);
            assertThat(head.status()).as(there).isEqualTo(204);
            assertThat(head.body()).isEmpty();
        }
        for (String missing : List.of(
                ArmRig.GROUP + "-none",
                Bodies.SET + "-none",
                ArmRig.GROUP + "/providers/Microsoft.Network/networkInterfaces/none",
                Bodies.COMPUTE + "/virtualMachines/none")) {
            assertThat(rig.call("HEAD", missing).status()).as(missing).isEqualTo(404);
        }
        assertThat(rig.call("GET", Bodies.SET).status()).isEqualTo(200);
    }

    @Test
    void vm_withoutAnInterface_hasAnEmptyListOfThem() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        String nic = "\"networkProfile\": {\"networkInterfaces\": [{\"id\": \"opaque-nic\"}]},";
        String vms = Bodies.COMPUTE + "/virtualMachines";
        rig.finish(rig.call("PUT", vms + "/none", Bodies.vm("none").replace(nic, "")));
        rig.finish(rig.call("PUT", vms + "/null", Bodies.vm("null").replace(nic, "\"networkProfile\": null,")));
        rig.finish(rig.call("PUT", vms + "/one", Bodies.vm("one")));

        JsonNode listed = ArmRig.body(rig.call("GET", vms)).path("value");

        assertThat(listed.valueStream()
                        .map(vm -> vm.path("name").asString() + " "
                                + vm.path("properties").path("networkProfile").path("networkInterfaces"))
                        .toList())
                .containsExactly("none []", "null []", "one [{\"id\":\"opaque-nic\"}]");
    }

    @Test
    void locations_areTheRegionsThatAreTaken() {
        rig.call("PUT", SUB + "/resourceGroups/cellar", "{\"location\": \"Our Cellar\"}");

        List<String> names = ArmRig.body(rig.call("GET", SUB + "/locations"))
                .path("value")
                .valueStream()
                .map(l -> l.path("name").asString())
                .toList();
        JsonNode provider = ArmRig.body(rig.call("GET", SUB + "/providers/Microsoft.Compute"));
        JsonNode type = provider.path("resourceTypes").get(0);

        assertThat(names).contains("local", "westeurope", "eastus", "ourcellar").doesNotHaveDuplicates();
        assertThat(type.path("locations").valueStream().map(JsonNode::asString).toList())
                .contains("West Europe", "Local")
                .hasSameSizeAs(names);
        assertThat(ArmRig.body(rig.call("GET", SUB + "/providers"))
                        .path("value")
                        .valueStream()
                        .flatMap(p -> p.path("resourceTypes").valueStream())
                        .allMatch(t -> t.path("locations").size() == names.size()))
                .isTrue();
    }

    @Test
    void defaultAttestationProvider_isAnAuthorityForAReleasePolicy() {
        JsonNode provider = ArmRig.body(
                rig.call("GET", SUB + "/providers/Microsoft.Attestation/Locations/West Europe/defaultProvider"));

        assertThat(provider.path("properties").path("attestUri").asString())
                .isEqualTo("https://shared-westeurope.attest.keyturn.test");
        assertThat(rig.call("GET", SUB + "/providers/Microsoft.Attestation/Locations/a'b/defaultProvider")
                        .status())
                .isEqualTo(400);
        rig.grant("nobody", "/subscriptions/other", dev.keyturn.core.identity.Roles.READER);
        assertThat(rig.as(
                                "nobody",
                                "GET",
                                SUB + "/providers/Microsoft.Attestation/locations/x/defaultProvider",
                                "",
                                java.util.Map.of())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void vm_ofASizeThatIsNotConfidential_isRefused() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        Response refused = rig.call(
                "PUT",
                Bodies.COMPUTE + "/virtualMachines/d",
                Bodies.vm("d").replace("Standard_DC2as_v5", "Standard_D2as_v5"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(ArmRig.body(refused).path("error").path("message").asString())
                .contains("vmSize", "Standard_D2as_v5", "DCasv5");
    }

    @Test
    void delete_ofASetInUse_namesTheVmsInTheMessage_upToTen() {
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        for (int i = 10; i < 22; i++) {
            String vm = "vm-" + i;
            rig.call("PUT", Bodies.COMPUTE + "/virtualMachines/" + vm, Bodies.vm(vm));
        }
        rig.settle();

        JsonNode error = ArmRig.body(rig.call("DELETE", Bodies.SET)).path("error");

        assertThat(error.path("message").asString())
                .contains("12 VMs ('vm-10', 'vm-11'", "'vm-19' and 2 more)", "24 disks ('vm-10_data'")
                .doesNotContain("vm-20'");
        assertThat(error.path("details").size()).isEqualTo(36);
    }
}

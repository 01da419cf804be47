package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies that are nearly right: they do what they say, or are refused; never answered 200 for something else. */
class NearMissTest {
    private static final String VM = Bodies.COMPUTE + "/virtualMachines/vm1";

    @TempDir
    Path directory;

    private ArmRig rig;
    private String first = "";
    private String second = "";

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        first = rig.vault.create(1);
        second = rig.vault.create(2);
        rig.call("PUT", Bodies.SET, Bodies.set(first));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private JsonNode activeKey() {
        return ArmRig.body(rig.call("GET", Bodies.SET)).path("properties").path("activeKey");
    }

    private static String message(Response refused) {
        assertThat(refused.status()).isEqualTo(400);
        return ArmRig.body(refused).path("error").path("message").asString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'properties':{'ActiveKey':{'keyUrl':'$'}}}",
                "{'Properties':{'activeKey':{'keyUrl':'$'}}}",
                "{'properties':{'activekey':{'keyURL':'$'}}}",
                "{'PROPERTIES':{'ACTIVEKEY':{'KEYURL':'$'}}}",
            })
    void aKeyInAnotherSpelling_rotates_andIsStoredInOne(String body) {
        Response answer = rig.call("PATCH", Bodies.SET, body.replace('\'', '"').replace("$", second));
        rig.settle();
        assertThat(answer.status()).as(ArmRig.body(answer).toString()).isIn(200, 202);
        ObjectNode set = ArmRig.body(rig.call("GET", Bodies.SET));
        assertThat(activeKey().toString()).isEqualTo("{\"keyUrl\":\"" + second + "\"}");
        assertThat(set.toString()).doesNotContain("ActiveKey", "keyURL", "Properties", "ACTIVEKEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'activeKey':{'keyUrl':'$'}}",
                "{'properties':{'keyUrl':'$'}}",
                "{'property':{'activeKey':{'keyUrl':'$'}}}",
                "{'properties':{'activeKeys':{'keyUrl':'$'}}}",
            })
    void aKeyInTheWrongPlace_isRefusedWithTheRightOne(String body) {
        for (String path : new String[] {Bodies.SET, Bodies.SET + "/preflight"}) {
            String method = path.equals(Bodies.SET) ? "PATCH" : "POST";
            Response answer = rig.call(method, path, body.replace('\'', '"').replace("$", second));
            assertThat(message(answer)).contains("wrong place", "'properties.activeKey");
        }
        assertThat(activeKey().path("keyUrl").asString()).isEqualTo(first);
    }

    @Test
    void twoSpellingsOfTheKey_areRefused_namingBoth() {
        String body = "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + first + "\"},\"ActiveKey\":{\"keyUrl\":\""
                + second + "\"}}}";
        assertThat(message(rig.call("PATCH", Bodies.SET, body))).contains("'activeKey'", "'ActiveKey'");
        assertThat(activeKey().path("keyUrl").asString()).isEqualTo(first);
    }

    @Test
    void unknownFields_arePatchedInTheSpellingThatIsThere() {
        rig.call("PATCH", Bodies.SET, "{\"properties\":{\"SOMEFUTUREFIELD\":{\"X\":2}}}");
        JsonNode properties = ArmRig.body(rig.call("GET", Bodies.SET)).path("properties");
        assertThat(properties.path("someFutureField").toString()).isEqualTo("{\"x\":2}");
        assertThat(properties.has("SOMEFUTUREFIELD")).isFalse();
    }

    @Test
    void booleansAndNumbersOfAVm_mayBeText() {
        String body = Bodies.vm("vm1")
                .replace("\"secureBootEnabled\": true", "\"secureBootEnabled\": \"true\"")
                .replace("\"vTpmEnabled\": true", "\"VTPMEnabled\": \"True\"")
                .replace("\"lun\": 0", "\"LUN\": \"0\"")
                .replace("\"diskSizeGB\": 8", "\"diskSizeGb\": \"8\"");
        Response made = rig.call("PUT", VM, body);
        assertThat(made.status()).as(ArmRig.body(made).toString()).isEqualTo(201);
        rig.settle();
        JsonNode properties = ArmRig.body(rig.call("GET", VM)).path("properties");
        assertThat(properties.path("securityProfile").path("uefiSettings").toString())
                .isEqualTo("{\"secureBootEnabled\":true,\"vTpmEnabled\":true}");
        JsonNode disk = properties.path("storageProfile").path("dataDisks").path(0);
        assertThat(disk.path("lun").isInt()).isTrue();
        assertThat(disk.path("diskSizeGB").intValue()).isEqualTo(8);
        assertThat(disk.has("LUN")).isFalse();

        for (String wrong : new String[] {"\"yes\"", "\"1\"", "1", "\"\""}) {
            String other = body.replace("\"secureBootEnabled\": \"true\"", "\"secureBootEnabled\": " + wrong);
            assertThat(message(rig.call("PUT", VM, other))).contains("secureBootEnabled");
        }
        for (String wrong : new String[] {"\"8 GB\"", "\"8.5\"", "8.5"}) {
            String other = body.replace("\"diskSizeGb\": \"8\"", "\"diskSizeGb\": " + wrong);
            assertThat(message(rig.call("PUT", VM, other))).contains("diskSizeGB");
        }
    }

    @Test
    void dataDisks_stayWhereAPutSaysNothing_andGoWhereTheListIsEmpty() {
        rig.call("PUT", VM, Bodies.vm("vm1"));
        rig.settle();
        rig.finish(rig.call("POST", VM + "/deallocate"));
        String listed = "\"dataDisks\": [{\"lun\": 0, \"createOption\": \"Empty\", \"diskSizeGB\": 8, \"name\":"
                + " \"vm1_data\"}]";
        String whole = Bodies.vm("vm1");
        assertThat(whole).contains(listed);
        for (String silent : new String[] {"\"other\": 1", "\"dataDisks\": null"}) {
            Response answer = rig.call("PUT", VM, whole.replace(listed, silent));
            assertThat(answer.status()).as(ArmRig.body(answer).toString()).isEqualTo(200);
            rig.settle();
            assertThat(dataDisks()).hasSize(1);
        }
        assertThat(rig.call("PUT", VM, whole.replace(listed, "\"dataDisks\": []"))
                        .status())
                .isEqualTo(200);
        rig.settle();
        assertThat(dataDisks()).isEmpty();
    }

    private JsonNode dataDisks() {
        return ArmRig.body(rig.call("GET", VM))
                .path("properties")
                .path("storageProfile")
                .path("dataDisks");
    }

    @Test
    void aNullInAPatch_takesNothingAwayThatASetAlwaysHas() {
        ObjectNode before = ArmRig.body(rig.call("GET", Bodies.SET));
        for (String body : new String[] {
            "{\"properties\":null}",
            "{\"identity\":null}",
            "{\"location\":null}",
            "{\"properties\":{\"activeKey\":null}}"
        }) {
            assertThat(rig.call("PATCH", Bodies.SET, body).status()).as(body).isEqualTo(200);
        }
        ObjectNode after = ArmRig.body(rig.call("GET", Bodies.SET));
        for (String part : new String[] {"properties", "identity", "location"}) {
            assertThat(after.get(part)).isEqualTo(before.get(part));
        }
        assertThat(activeKey().path("keyUrl").asString()).isEqualTo(first);
    }

    @Test
    void idsThatAreEmpty_areRefused() {
        String vm = Bodies.vm("vm1").replace(Bodies.SET, "");
        assertThat(message(rig.call("PUT", VM, vm))).contains("diskEncryptionSet.id' must be a resource id");
        String disk = Bodies.disk().replace(Bodies.SET, "");
        assertThat(message(rig.call("PUT", Bodies.COMPUTE + "/disks/d", disk)))
                .contains("secureVMDiskEncryptionSetId' must be a resource id");
    }

    @Test
    void idsThatAreCutOff_areRefused_andSayWhereTheyEnd() {
        String cut = Bodies.SET.substring(0, Bodies.SET.lastIndexOf('/'));
        assertThat(message(rig.call("PUT", VM, Bodies.vm("vm1").replace(Bodies.SET, cut))))
                .contains("there is no name behind the type 'Microsoft.Compute/diskEncryptionSets'");
        assertThat(message(rig.call(
                        "PUT", Bodies.COMPUTE + "/disks/d", Bodies.disk().replace(Bodies.SET, "des"))))
                .contains("must be a resource id", "it does not begin with '/'");
        String keyOfVault = Bodies.SET + "/keys/k";
        assertThat(message(rig.call("PUT", VM, Bodies.vm("vm1").replace(Bodies.SET, keyOfVault))))
                .contains("must be a resource id")
                .doesNotContain("no id");
    }

    @Test
    void whatIsRead_canBeSentBack() {
        rig.call("PUT", VM, Bodies.vm("vm1"));
        rig.call("PUT", Bodies.COMPUTE + "/disks/d", Bodies.disk());
        rig.settle();
        for (String path : new String[] {ArmRig.GROUP, Bodies.SET, VM, Bodies.COMPUTE + "/disks/d"}) {
            ObjectNode read = ArmRig.body(rig.call("GET", path + (path.equals(VM) ? "?$expand=instanceView" : "")));
            Response answer = rig.call("PUT", path, read.toString());
            assertThat(answer.status()).as(ArmRig.body(answer).toString()).isIn(200, 202);
            rig.settle();
        }
    }
}

package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.FaultKind;
import dev.keyturn.host.simulated.HostCall;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class GroupRoutesTest {
    private static final String LIST = "/subscriptions/" + ArmRig.SUB + "/resourceGroups";
    private static final String NIC = ArmRig.GROUP + "/providers/Microsoft.Network/networkInterfaces/nic1";

    @TempDir
    Path directory;

    private ArmRig rig;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void put_makesThenChanges_andGetTellsBoth() {
        Response made = rig.call("PUT", ArmRig.GROUP, Bodies.group());
        assertThat(made.status()).isEqualTo(201);
        ObjectNode body = ArmRig.body(made);
        assertThat(body.path("id").asString()).isEqualTo(ArmRig.GROUP);
        assertThat(body.path("type").asString()).isEqualTo("Microsoft.Resources/resourceGroups");
        assertThat(body.path("location").asString()).isEqualTo("westeurope");
        assertThat(body.path("properties").path("provisioningState").asString()).isEqualTo("Succeeded");

        Response again = rig.call("PUT", ArmRig.GROUP, "{\"location\":\"westeurope\",\"unknown\":{\"k\":1}}");
        assertThat(again.status()).isEqualTo(200);
        ObjectNode read = ArmRig.body(rig.call("GET", ArmRig.GROUP.toUpperCase(java.util.Locale.ROOT)));
        assertThat(read.path("unknown").path("k").intValue()).isEqualTo(1);
        assertThat(read.path("tags")).isEmpty();
        assertThat(read.path("id").asString()).isEqualTo(ArmRig.GROUP);
    }

    @Test
    void put_inAnotherLocation_isRefused() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        Response refused = rig.call("PUT", ArmRig.GROUP, "{\"location\":\"northeurope\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(code(refused)).isEqualTo("InvalidResourceGroupLocation");
    }

    @Test
    void head_saysWhetherItExists() {
        assertThat(rig.call("HEAD", ArmRig.GROUP).status()).isEqualTo(404);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        assertThat(rig.call("HEAD", ArmRig.GROUP).status()).isEqualTo(204);
    }

    @Test
    void patch_takesAwayWhatIsNull_keepsWhatIsAbsent_andReplacesAllTags() {
        rig.call(
                "PUT",
                ArmRig.GROUP,
                "{\"location\":\"westeurope\",\"tags\":{\"a\":\"1\",\"b\":\"2\"},\"x\":{\"y\":1,\"z\":2}}");
        Response untagged = rig.call("PATCH", ArmRig.GROUP, "{\"x\":{\"y\":null}}");
        assertThat(untagged.status()).isEqualTo(200);
        assertThat(ArmRig.body(untagged).path("x").toString()).isEqualTo("{\"z\":2}");
        assertThat(ArmRig.body(untagged).path("tags").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        Response tagged = rig.call("PATCH", ArmRig.GROUP, "{\"tags\":{\"a\":null,\"c\":\"3\"}}");
        assertThat(ArmRig.body(tagged).path("tags").toString()).isEqualTo("{\"c\":\"3\"}");
        assertThat(ArmRig.body(rig.call("PATCH", ArmRig.GROUP, "{\"tags\":{}}")).path("tags"))
                .isEmpty();
    }

    @Test
    void get_ofAnUnknownGroupOrSubscription_is404WithAzuresCode() {
        assertThat(code(rig.call("GET", ArmRig.GROUP))).isEqualTo("ResourceGroupNotFound");
        Response other = rig.call("GET", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg");
        assertThat(other.status()).isEqualTo(404);
        assertThat(code(other)).isEqualTo("SubscriptionNotFound");
    }

    @Test
    void put_withSeveralWrongFields_namesEachOfThem() {
        Response refused = rig.call("PUT", ArmRig.GROUP, "{\"location\":7,\"tags\":{\"a\":[]},\"properties\":\"x\"}");
        assertThat(refused.status()).isEqualTo(400);
        List<String> targets = new ArrayList<>();
        ArmRig.body(refused)
                .path("error")
                .path("details")
                .forEach(d -> targets.add(d.path("target").asString()));
        assertThat(targets).containsExactlyInAnyOrder("location", "tags.a", "properties");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ends.", "sp%ace", "a!b", "x*"})
    void put_underANameAgainstAzuresRules_isRefused(String name) {
        Response refused = rig.call("PUT", LIST + "/" + name, Bodies.group());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(code(refused)).isEqualTo("InvalidResourceGroup");
    }

    @Test
    void writes_withAStaleETag_are412() {
        Response made = rig.call("PUT", ArmRig.GROUP, Bodies.group());
        String etag = made.headers().get("ETag");
        assertThat(etag).isNotNull();
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        Response stale = rig.as("owner", "PATCH", ArmRig.GROUP, "{\"tags\":{}}", Map.of("If-Match", etag));
        assertThat(stale.status()).isEqualTo(412);
        Response taken = rig.as("owner", "PUT", ArmRig.GROUP, Bodies.group(), Map.of("If-None-Match", "*"));
        assertThat(taken.status()).isEqualTo(412);
    }

    @Test
    void list_isPaged_andItsNextLinkLeadsOn() {
        for (int i = 0; i < 5; i++) {
            rig.call("PUT", LIST + "/group" + i, Bodies.group());
        }
        List<String> names = new ArrayList<>();
        String next = LIST + "?$top=2";
        int pages = 0;
        while (!next.isEmpty()) {
            ObjectNode page = ArmRig.body(rig.call("GET", next));
            page.path("value").forEach(g -> names.add(g.path("name").asString()));
            next = page.has("nextLink") ? ArmRig.relative(page.path("nextLink").asString()) : "";
            pages++;
        }
        assertThat(names).containsExactly("group0", "group1", "group2", "group3", "group4");
        assertThat(pages).isEqualTo(3);
        assertThat(rig.call("GET", LIST + "?$top=0").status()).isEqualTo(400);
        assertThat(rig.call("GET", LIST + "?$skiptoken=***").status()).isEqualTo(400);
    }

    @Test
    void callerWithoutTheRole_isForbiddenBeforeAnythingIsSaidOfTheResource() {
        rig.grant("reader", "/subscriptions/" + ArmRig.SUB, Roles.READER);
        Response put = rig.as("reader", "PUT", ArmRig.GROUP, "not json", Map.of());
        assertThat(put.status()).isEqualTo(403);
        assertThat(code(put)).isEqualTo("AuthorizationFailed");
        rig.grant("stranger", "/subscriptions/" + ArmRig.SUB + "/resourceGroups/other", Roles.OWNER);
        assertThat(rig.as("stranger", "GET", ArmRig.GROUP, "", Map.of()).status())
                .isEqualTo(403);
    }

    @Test
    void opaqueResources_areKeptAsSent_andListedByFilter() {
        assertThat(rig.call("PUT", NIC, Bodies.group()).status()).isEqualTo(404);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        Response made = rig.call(
                "PUT",
                NIC,
                "{\"location\":\"westeurope\",\"sku\":{\"name\":\"Standard\"},\"properties\":{\"ipConfigurations\":[1]}}");
        assertThat(made.status()).isEqualTo(201);
        ObjectNode read = ArmRig.body(rig.call("GET", NIC));
        assertThat(read.path("properties").path("ipConfigurations").toString()).isEqualTo("[1]");
        assertThat(read.path("properties").path("provisioningState").asString()).isEqualTo("Succeeded");

        String all = "/subscriptions/" + ArmRig.SUB + "/resources?$filter=";
        ObjectNode found =
                ArmRig.body(rig.call("GET", all + "resourceType%20eq%20'microsoft.network/networkinterfaces'"));
        assertThat(found.path("value")).hasSize(1);
        assertThat(found.path("value").path(0).path("sku").path("name").asString())
                .isEqualTo("Standard");
        assertThat(ArmRig.body(rig.call("GET", all + "resourceType%20eq%20'Microsoft.KeyVault/vaults'"))
                        .path("value"))
                .isEmpty();
        for (String refused :
                List.of("endswith(name,'a')", "size%20eq%20'1'", "name", "name%20eq%20'" + "x".repeat(6_500) + "'")) {
            assertThat(code(rig.call("GET", all + refused))).as(refused).isEqualTo("InvalidFilterInQueryString");
        }
        assertThat(ArmRig.body(rig.call("GET", ArmRig.GROUP + "/resources")).path("value"))
                .hasSize(1);
        assertThat(rig.call("DELETE", NIC).status()).isEqualTo(200);
        assertThat(rig.call("DELETE", NIC).status()).isEqualTo(204);
    }

    @Test
    void filter_ofTheLists_meansWhatItSays() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        String tagged = "{\"location\":\"westeurope\",\"tags\":{\"env\":\"prod\",\"team\":\"red\"}}";
        rig.call("PUT", NIC, tagged);
        Map<String, Integer> expected = new LinkedHashMap<>();
        expected.put("tagName eq 'ENV' and tagValue eq 'prod'", 1);
        expected.put("tagName eq 'env' and tagValue eq 'red'", 0);
        expected.put("tagValue eq 'red' and tagName eq 'team'", 1);
        expected.put("startswith(tagName, 'te')", 1);
        expected.put("startswith(name, 'zzz')", 0);
        expected.put("resourceGroup ne 'other' and not (location eq 'northeurope')", 1);
        expected.put("resourceType eq 'Microsoft.KeyVault/vaults' or tagName eq 'env'", 1);
        expected.put("resourceType eq 'Microsoft.KeyVault/vaults' and tagName eq 'env'", 0);
        expected.put("substringof('NETWORK', resourceType)", 1);
        expected.forEach((filter, count) -> assertThat(ArmRig.body(rig.call(
                                "GET",
                                "/subscriptions/" + ArmRig.SUB + "/resources?$filter=" + filter.replace(" ", "%20")))
                        .path("value"))
                .as(filter)
                .hasSize(count));
    }

    @Test
    void userAssignedIdentity_hasAPrincipalForItsLife() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        String id = ArmRig.GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine";
        ObjectNode made = ArmRig.body(rig.call("PUT", id, Bodies.group()));
        ObjectNode again = ArmRig.body(rig.call("PUT", id, Bodies.group()));
        assertThat(made.path("properties").path("principalId").asString())
                .matches("[0-9a-f-]{36}")
                .isEqualTo(again.path("properties").path("principalId").asString());
        assertThat(made.path("properties").path("clientId").asString()).matches("[0-9a-f-]{36}");
        assertThat(rig.call("DELETE", id).status()).isEqualTo(200);
        assertThat(code(rig.call("GET", id))).isEqualTo("ResourceNotFound");
    }

    @Test
    void delete_takesAllThatIsInTheGroupWithIt() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", NIC, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        rig.call("PUT", Bodies.COMPUTE + "/virtualMachines/vm1", Bodies.vm("vm1"));
        rig.settle();
        assertThat(ArmRig.body(rig.call("GET", ArmRig.GROUP + "/resources")).path("value"))
                .hasSize(5);

        Response accepted = rig.call("DELETE", ArmRig.GROUP);
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.headers()).containsKeys("Azure-AsyncOperation", "Location", "Retry-After");
        assertThat(code(rig.call("PUT", NIC + "b", Bodies.group()))).isEqualTo("ResourceGroupBeingDeleted");
        ObjectNode end = rig.finish(accepted);
        assertThat(end.path("status").asString()).as(end.toString()).isEqualTo("Succeeded");
        assertThat(rig.call("HEAD", ArmRig.GROUP).status()).isEqualTo(404);
        assertThat(ArmRig.body(rig.call("GET", "/subscriptions/" + ArmRig.SUB + "/resources"))
                        .path("value"))
                .isEmpty();
    }

    @Test
    void rightsOnWhatIsDeleted_doNotHoldForWhatIsMadeUnderTheSameName() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        rig.grant("setowner", Bodies.SET, Roles.OWNER);
        assertThat(rig.as("setowner", "GET", Bodies.SET, "", Map.of()).status()).isEqualTo(200);
        rig.call("DELETE", Bodies.SET);
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        assertThat(rig.as("setowner", "GET", Bodies.SET, "", Map.of()).status()).isEqualTo(403);

        rig.grant("groupowner", ArmRig.GROUP, Roles.OWNER);
        assertThat(rig.as("groupowner", "GET", Bodies.SET, "", Map.of()).status())
                .isEqualTo(200);
        rig.finish(rig.call("DELETE", ArmRig.GROUP));
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        assertThat(rig.as("groupowner", "GET", ArmRig.GROUP, "", Map.of()).status())
                .isEqualTo(403);
    }

    @Test
    void tags_mayHaveDotsInTheirNames() {
        Response made = rig.call("PUT", ArmRig.GROUP, "{\"location\":\"westeurope\",\"tags\":{\"a.b/c\":\"d\"}}");
        assertThat(ArmRig.body(made).path("tags").path("a.b/c").asString()).isEqualTo("d");
    }

    @Test
    void delete_ofAGroupWhoseSetIsUsedFromAnother_failsSayingSo_andTheGroupStays() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", LIST + "/other", Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        String vm = LIST + "/other/providers/Microsoft.Compute/virtualMachines/vm1";
        assertThat(rig.call("PUT", vm, Bodies.vm("vm1")).status()).isEqualTo(201);
        rig.settle();

        ObjectNode end = rig.finish(rig.call("DELETE", ArmRig.GROUP));
        assertThat(end.path("status").asString()).isEqualTo("Failed");
        assertThat(end.path("error").path("code").asString()).isEqualTo("ResourceGroupDeletionBlocked");
        assertThat(end.path("error").path("details").path(0).path("target").asString())
                .isEqualTo(Bodies.SET);
        ObjectNode group = ArmRig.body(rig.call("GET", ArmRig.GROUP));
        assertThat(group.path("properties").path("provisioningState").asString())
                .isEqualTo("Succeeded");
    }

    @Test
    void delete_whereAVmCannotBeDeleted_isTriedOnce_alsoWhenTheClockIsSetBack() {
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
        rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
        String vm = Bodies.COMPUTE + "/virtualMachines/vm1";
        rig.call("PUT", vm, Bodies.vm("vm1"));
        rig.settle();
        rig.faults.put(Fault.of("no-deletions", FaultKind.UNREACHABLE).at(HostCall.DELETE));

        Response accepted = rig.call("DELETE", ArmRig.GROUP);
        rig.clock.advance(Duration.ofMinutes(-10));
        ObjectNode end = rig.finish(accepted);

        assertThat(end.path("error").path("code").asString())
                .as(end.toString())
                .isEqualTo("ResourceGroupDeletionBlocked");
        assertThat(end.path("endTime").asString())
                .isEqualTo(end.path("startTime").asString());
    }

    private static String code(Response response) {
        return ArmRig.body(response).path("error").path("code").asString();
    }
}

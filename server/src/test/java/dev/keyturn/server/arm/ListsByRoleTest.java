package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Lists of the subscription have what the caller may read, as Azure's: nobody is refused, and nothing shows through. */
class ListsByRoleTest extends SetRoutesFixture {
    private static final String SUBSCRIPTION = "/subscriptions/" + ArmRig.SUB;
    private static final String NICS = "/providers/Microsoft.Network/networkInterfaces";
    private static final int PER_GROUP = 5;

    @BeforeEach
    void threeGroups() {
        for (String group : List.of("a", "b", "c")) {
            rig.call("PUT", group(group), Bodies.group());
            for (int i = 0; i < PER_GROUP; i++) {
                Response made = rig.call("PUT", nic(group, i), "{\"location\": \"westeurope\", \"properties\": {}}");
                assertThat(made.status()).isEqualTo(201);
            }
        }
    }

    private static String group(String name) {
        return SUBSCRIPTION + "/resourceGroups/" + name;
    }

    private static String nic(String group, int number) {
        return group(group) + NICS + "/nic" + number;
    }

    private static List<String> nicsOf(String group) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < PER_GROUP; i++) {
            all.add(nic(group, i));
        }
        return all;
    }

    /** All pages, by their next links. */
    private List<String> walked(String who, String list) {
        List<String> ids = new ArrayList<>();
        String at = list;
        while (true) {
            Response answer = rig.as(who, "GET", at, "", Map.of());
            ObjectNode body = ArmRig.body(answer);
            assertThat(answer.status()).as(body.toString()).isEqualTo(200);
            assertThat(body.path("value").size()).isLessThanOrEqualTo(2);
            body.path("value").forEach(v -> ids.add(v.path("id").asString()));
            if (!body.has("nextLink")) {
                return ids;
            }
            assertThat(body.path("value")).isNotEmpty();
            at = ArmRig.relative(body.path("nextLink").asString());
        }
    }

    private List<String> nics(String who) {
        return walked(who, SUBSCRIPTION + NICS + "?$top=2");
    }

    private List<String> everything(String who, String filter) {
        return walked(who, SUBSCRIPTION + "/resources?$top=2" + filter);
    }

    private List<String> groups(String who) {
        return walked(who, SUBSCRIPTION + "/resourcegroups?$top=2");
    }

    private void newcomer(String who, String at, Role role) {
        rig.grant(who, at, role);
    }

    @Test
    void roleAtOneGroup_showsItsRows_overSeveralPages_andNoOthers() {
        newcomer("of-b", group("b"), Roles.READER);

        assertThat(nics("of-b")).isEqualTo(nicsOf("b"));
        assertThat(everything("of-b", "")).isEqualTo(nicsOf("b"));
        assertThat(groups("of-b")).containsExactly(group("b"));
        assertThat(nics("owner")).hasSize(3 * PER_GROUP);
    }

    @Test
    void roles_atTwoGroupsAndAResource_showThoseTogether_inTheOrderOfIds() {
        newcomer("some", group("c"), Roles.READER);
        newcomer("some", group("a"), Roles.READER);
        newcomer("some", nic("b", 3), Roles.READER);
        newcomer("some", nic("c", 3), Roles.READER);

        List<String> all = new ArrayList<>(nicsOf("a"));
        all.add(nic("b", 3));
        all.addAll(nicsOf("c"));
        assertThat(nics("some")).isEqualTo(all);
        assertThat(everything("some", "")).isEqualTo(all);
        assertThat(groups("some")).containsExactly(group("a"), group("c"));
    }

    @Test
    void roleAtOneVm_showsThatVm_andNothingElse() {
        makeVm();
        rig.call("PUT", VM1.replace("vm1", "vm2"), Bodies.vm("vm2"));
        rig.settle();
        newcomer("of-vm", VM1, Roles.READER);

        assertThat(walked("of-vm", SUBSCRIPTION + "/providers/Microsoft.Compute/virtualMachines?$top=2"))
                .containsExactly(VM1);
        assertThat(walked("of-vm", SUBSCRIPTION + "/providers/Microsoft.Compute/locations/westeurope/virtualMachines"))
                .containsExactly(VM1);
        assertThat(everything("of-vm", "")).containsExactly(VM1);
        for (String type : List.of("disks", "diskEncryptionSets", "images")) {
            assertThat(walked("of-vm", SUBSCRIPTION + "/providers/Microsoft.Compute/" + type))
                    .isEmpty();
        }
        assertThat(groups("of-vm")).isEmpty();
    }

    /** A role that reads one type shows that type, where a client asks for it, and nothing of what stands beside it. */
    @Test
    void roleThatReadsOneType_showsThatTypeInTheListOfEverything_whenItIsAskedFor() {
        newcomer("of-machines", group("b"), Roles.VIRTUAL_MACHINE_CONTRIBUTOR);
        newcomer("of-keys", SUBSCRIPTION, Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER);

        assertThat(everything("of-machines", "&$filter=resourceType%20eq%20'Microsoft.Network/networkInterfaces'"))
                .isEqualTo(nicsOf("b"));
        assertThat(everything("of-machines", "")).isEmpty();
        assertThat(everything("of-keys", "")).isEmpty();
        assertThat(nics("of-keys")).isEmpty();
    }

    @Test
    void whoHasNoRole_seesNothing_andIsNotRecordedAsRefused() {
        newcomer("was-there", group("b"), Roles.READER);
        String link = ArmRig.body(rig.as("was-there", "GET", SUBSCRIPTION + NICS + "?$top=2", "", Map.of()))
                .path("nextLink")
                .asString();

        taken("was-there");

        assertThat(nics("was-there")).as("a role that is taken shows at once").isEmpty();
        assertThat(walked("was-there", ArmRig.relative(link)))
                .as("on the next page, too")
                .isEmpty();
        assertThat(everything("was-there", "")).isEmpty();
        assertThat(groups("was-there")).isEmpty();
        assertThat(rig.records()).noneMatch(r -> r.outcome() == Outcome.REFUSED);
    }

    @Test
    void listOfOneGroup_isRefused_asBefore() {
        newcomer("of-b", group("b"), Roles.READER);

        assertThat(rig.as("of-b", "GET", group("a") + NICS, "", Map.of()).status())
                .isEqualTo(403);
        assertThat(rig.as("of-b", "GET", group("none") + NICS, "", Map.of()).status())
                .isEqualTo(403);
        assertThat(rig.as("of-b", "GET", group("b") + NICS, "", Map.of()).status())
                .isEqualTo(200);
    }

    private void taken(String who) {
        String at = group("b") + "/providers/Microsoft.Authorization/roleAssignments";
        ArmRig.body(rig.call("GET", at)).path("value").forEach(a -> {
            if (a.path("properties")
                    .path("principalId")
                    .asString()
                    .equals(rig.caller(who).principal().toString())) {
                assertThat(rig.call("DELETE", a.path("id").asString()).status()).isEqualTo(200);
            }
        });
    }
}

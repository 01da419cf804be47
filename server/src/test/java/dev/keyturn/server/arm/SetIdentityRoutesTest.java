package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Roles;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A change of a set's identity is a change of access to its keys (docs/rules.md; docs/permissions.md). */
class SetIdentityRoutesTest {
    private static final String VM1 = Bodies.COMPUTE + "/virtualMachines/vm1";
    private static final String MINE = identity("mine");
    private static final String OTHER = identity("other");

    @TempDir
    Path directory;

    private ArmRig rig;
    private String key;

    @BeforeEach
    void start() {
        rig = new ArmRig(directory);
        key = rig.vault.create(1);
        rig.call("PUT", ArmRig.GROUP, Bodies.group());
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String identity(String name) {
        return ArmRig.GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + name;
    }

    /** Makes a user-assigned identity; returns its principal. */
    private String make(String identity) {
        return ArmRig.body(rig.call("PUT", identity, Bodies.group()))
                .path("properties")
                .path("principalId")
                .asString();
    }

    private static String type(String type, String... identities) {
        StringBuilder map = new StringBuilder();
        for (String each : identities) {
            map.append(map.isEmpty() ? "" : ",").append('"').append(each).append("\":{}");
        }
        return "{\"type\":\"" + type + "\"" + (map.isEmpty() ? "" : ",\"userAssignedIdentities\":{" + map + "}") + "}";
    }

    private Response put(String identity) {
        return rig.call("PUT", Bodies.SET, Bodies.set(key).replace("{\"type\": \"SystemAssigned\"}", identity));
    }

    private Response patch(String identity) {
        return rig.call("PATCH", Bodies.SET, "{\"identity\":" + identity + "}");
    }

    private ObjectNode get() {
        return ArmRig.body(rig.call("GET", Bodies.SET));
    }

    private String own() {
        return get().path("identity").path("principalId").asString();
    }

    /** A set with a system-assigned identity that has access, and a VM that runs. */
    private void makeVm() {
        rig.vault.guarded = true;
        put(type("SystemAssigned"));
        rig.vault.admit(own());
        assertThat(rig.call("PUT", VM1, Bodies.vm("vm1")).status()).isEqualTo(201);
        rig.settle();
    }

    @Test
    void patch_toAnIdentityWithoutAccess_isRefusedNamingTheKey_andTheVmsLiveOn() {
        makeVm();
        String principal = make(MINE);
        ObjectNode before = get();

        Response refused = patch(type("UserAssigned", MINE));

        assertThat(refused.status()).isEqualTo(409);
        JsonNode error = ArmRig.body(refused).path("error");
        assertThat(error.path("message").asString())
                .contains("nothing was changed")
                .contains(key)
                .contains(principal);
        assertThat(error.path("details").path(0).path("target").asString()).isEqualTo(key);
        assertThat(error.path("details").path(0).path("code").asString()).isEqualTo("KeyVaultAccessForbidden");
        assertThat(get()).isEqualTo(before);

        rig.vault.admit(principal);
        assertThat(patch(type("UserAssigned", MINE)).status()).isEqualTo(200);
        assertThat(get().path("identity").path("type").asString()).isEqualTo("UserAssigned");
        assertThat(rig.finish(rig.call("POST", VM1 + "/restart")).path("status").asString())
                .isEqualTo("Succeeded");
    }

    @Test
    void put_toAnIdentityWithoutAccess_isRefusedLikewise() {
        makeVm();
        make(MINE);
        assertThat(put(type("UserAssigned", MINE)).status()).isEqualTo(409);
        assertThat(get().path("identity").path("type").asString()).isEqualTo("SystemAssigned");
    }

    @Test
    void withNothingUnderTheSet_anIdentityMayComeBeforeItsAccess_andTheAnswerSaysSo() {
        rig.vault.guarded = true;
        make(MINE);
        ObjectNode made = ArmRig.body(put(type("SystemAssigned")));
        assertThat(made.path("warnings").path(0).path("code").asString()).isEqualTo("KeyVaultAccessForbidden");
        Response changed = patch(type("UserAssigned", MINE));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(ArmRig.body(changed).path("warnings").path(0).path("message").asString())
                .contains("Key Vault Crypto Service Encryption User");
        assertThat(get().has("warnings")).isFalse();
    }

    @Test
    void systemAndUserAssigned_areBothKept_andTheSystemOneIsUsed() {
        String principal = make(MINE);
        for (String spelling : new String[] {"SystemAssigned, UserAssigned", "systemassigned,userassigned"}) {
            assertThat(put(type(spelling, MINE)).status()).isEqualTo(200);
            JsonNode shown = get().path("identity");
            assertThat(shown.path("type").asString()).isEqualTo("SystemAssigned, UserAssigned");
            assertThat(shown.path("principalId").asString()).matches("[0-9a-f-]{36}");
            assertThat(shown.path("userAssignedIdentities")
                            .path(MINE)
                            .path("principalId")
                            .asString())
                    .isEqualTo(principal);
            assertThat(get().path("properties").path("keyIdentity").path("principalId"))
                    .isEqualTo(shown.path("principalId"));
        }
        ObjectNode same = get();
        assertThat(rig.call("PUT", Bodies.SET, same.toString()).status()).isEqualTo(200);
        assertThat(get()).isEqualTo(same);
        assertThat(rig.call("DELETE", MINE).status()).isEqualTo(409);
    }

    @Test
    void anIdentityThatIsAdded_isNotUsedYet_soThatItCanBeGivenAccessFirst() {
        makeVm();
        String system = own();
        String mine = make(MINE);
        assertThat(patch(type("SystemAssigned, UserAssigned", MINE)).status()).isEqualTo(200);
        assertThat(used()).isEqualTo(system);
        assertThat(patch(type("UserAssigned")).status()).isEqualTo(409);
        rig.vault.admit(mine);
        assertThat(patch(type("UserAssigned")).status()).isEqualTo(200);

        // and back again, through a new system-assigned identity
        assertThat(patch(type("SystemAssigned")).status()).isEqualTo(409);
        assertThat(patch(type("SystemAssigned, UserAssigned")).status()).isEqualTo(200);
        assertThat(used()).isEqualTo(mine);
        assertThat(patch(type("SystemAssigned")).status()).isEqualTo(409);
        assertThat(own()).isNotEqualTo(system);
        rig.vault.admit(own());
        assertThat(patch(type("SystemAssigned")).status()).isEqualTo(200);
        assertThat(get().path("properties").has("keyIdentity")).isFalse();
        assertThat(rig.call("DELETE", MINE).status()).isEqualTo(200);
    }

    private String used() {
        return get().path("properties").path("keyIdentity").path("principalId").asString();
    }

    @Test
    void severalUserAssignedIdentities_areKeptWhereItIsClearWhichIsUsed() {
        make(MINE);
        make(OTHER);
        Response unclear = put(type("UserAssigned", MINE, OTHER));
        assertThat(unclear.status()).isEqualTo(400);
        assertThat(ArmRig.body(unclear).path("error").path("message").asString())
                .contains("nothing says which");
        assertThat(put(type("UserAssigned")).status()).isEqualTo(400);

        assertThat(put(type("UserAssigned", MINE)).status()).isEqualTo(200);
        assertThat(patch(type("UserAssigned", OTHER)).status()).isEqualTo(200);
        assertThat(get().path("identity").path("userAssignedIdentities").size()).isEqualTo(2);
        assertThat(get().path("properties")
                        .path("keyIdentity")
                        .path("resourceId")
                        .asString())
                .isEqualTo(MINE);
        String replaced =
                "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + MINE + "\":null}}}";
        assertThat(rig.call("PATCH", Bodies.SET, replaced).status()).isEqualTo(200);
        assertThat(get().path("identity").path("userAssignedIdentities").has(OTHER))
                .isTrue();
    }

    @Test
    void vmMadeWhileAnIdentityIsChecked_refusesTheChange() {
        rig.vault.guarded = true;
        make(MINE);
        put(type("SystemAssigned"));
        rig.vault.admit(own());
        rig.vault.whileAsked = () -> {
            rig.vault.whileAsked = () -> {};
            assertThat(rig.call("PUT", VM1, Bodies.vm("vm1")).status()).isEqualTo(201);
        };

        Response refused =
                rig.as("owner", "PATCH", Bodies.SET, "{\"identity\":" + type("UserAssigned", MINE) + "}", Map.of());

        assertThat(refused.status()).isEqualTo(409);
        assertThat(get().path("identity").path("type").asString()).isEqualTo("SystemAssigned");
    }

    @Test
    void patchThatKeepsTheIdentities_takesNoRightToAssignThem_andAPutDoes() {
        make(MINE);
        put(type("UserAssigned", MINE));
        rig.grant("setmaker", Bodies.SET, Roles.CONTRIBUTOR);
        assertThat(rig.as("setmaker", "PATCH", Bodies.SET, "{\"tags\":{\"a\":\"2\"}}", Map.of())
                        .status())
                .isEqualTo(200);
        assertThat(rig.as("setmaker", "PUT", Bodies.SET, get().toString(), Map.of())
                        .status())
                .isEqualTo(403);
        make(OTHER);
        String add = "{\"identity\":" + type("UserAssigned", OTHER) + "}";
        assertThat(rig.as("setmaker", "PATCH", Bodies.SET, add, Map.of()).status())
                .isEqualTo(403);
    }

    @Test
    void keyInAVaultOnAccessPolicies_isToldAtTheSetAndInThePreflight() {
        rig.vault.guard =
                new dev.keyturn.core.envelope.KeyGuard(dev.keyturn.core.envelope.KeyGuard.Kind.ACCESS_POLICIES, "kv");
        ObjectNode made = ArmRig.body(put(type("SystemAssigned")));
        assertThat(made.path("warnings").path(0).path("code").asString()).isEqualTo("KeysOpenToContributors");
        String next = rig.vault.create(2);
        ObjectNode preflight = ArmRig.body(rig.call(
                "POST", Bodies.SET + "/preflight", "{\"properties\":{\"activeKey\":{\"keyUrl\":\"" + next + "\"}}}"));
        assertThat(preflight.path("allowed").booleanValue()).isTrue();
        assertThat(preflight.path("warnings").path(0).path("message").asString())
                .contains("Contributor")
                .contains(next);
    }
}

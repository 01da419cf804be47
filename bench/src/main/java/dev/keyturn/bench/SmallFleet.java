package dev.keyturn.bench;

import dev.keyturn.cli.client.Api;
import dev.keyturn.core.model.KeyId;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A group, a vault, a set and stopped VMs, made over the API as a client makes them. */
final class SmallFleet {
    private static final String SETS = Bodies.SETS;
    private static final String VMS = Bodies.VMS;

    private final Api api;
    private final String group;
    private String wrapKey = "";

    private SmallFleet(Api api, String group) {
        this.api = api;
        this.group = "/resourceGroups/" + group;
    }

    static SmallFleet create(Api api, String group, int vms) {
        SmallFleet fleet = new SmallFleet(api, group);
        api.arm("PUT", fleet.group, Bodies.GROUPS, Bodies.group());
        api.armToEnd("PUT", fleet.vault(), Bodies.VAULTS, Bodies.vault(api.env().tenant()));
        fleet.grant(Bodies.CRYPTO_OFFICER, api.principal());
        String identity = api.armToEnd("PUT", fleet.set(), SETS, Bodies.set(fleet.newKey("fleet")))
                .text("identity.principalId");
        fleet.grant(Bodies.ENCRYPTION_USER, identity);
        for (int i = 0; i < vms; i++) {
            fleet.newVm("vm" + i);
        }
        fleet.wrapKey = fleet.newKey("wrapping");
        return fleet;
    }

    /** A key fit for a confidential set, or its next version; the version's full id. */
    String newKey(String key) {
        return api.keys("POST", host(), "/keys/" + key + "/create", Bodies.key())
                .text("key.kid");
    }

    /** Disables the version that is the set's active key. */
    void disableKey() {
        String url = api.arm("GET", set(), SETS, Optional.empty()).text("properties.activeKey.keyUrl");
        api.keys("PATCH", host(), KeyId.parse(url).orElseThrow().path(), json("{\"attributes\":{\"enabled\":false}}"));
    }

    void rotate() {
        api.armToEnd("PATCH", set(), SETS, Bodies.rotation(newKey("fleet")));
    }

    void readSet() {
        api.arm("GET", set(), SETS, Optional.empty());
    }

    void wrap() {
        String path = KeyId.parse(wrapKey).orElseThrow().path();
        String wrapped = api.keys(
                        "POST",
                        host(),
                        path + "/wrapkey",
                        json("{\"alg\":\"RSA-OAEP-256\",\"value\":\"AAECAwQFBgcICQoLDA0ODw\"}"))
                .text("value");
        api.keys(
                "POST",
                host(),
                path + "/unwrapkey",
                json("{\"alg\":\"RSA-OAEP-256\",\"value\":\"%s\"}".formatted(wrapped)));
    }

    private void newVm(String vm) {
        String path = group + "/providers/Microsoft.Compute/virtualMachines/" + vm;
        api.armToEnd("PUT", path, VMS, Bodies.vm(vm, id(set())));
        api.armToEnd("POST", path + "/deallocate", VMS, Optional.empty());
    }

    private void grant(String role, String principal) {
        api.arm(
                "PUT",
                vault() + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                Bodies.ROLES,
                Bodies.assignment(api.env().subscription(), role, principal));
    }

    private String id(String path) {
        return "/subscriptions/" + api.env().subscription() + path;
    }

    private String name() {
        return group.substring(group.lastIndexOf('/') + 1) + "-kv";
    }

    private String host() {
        return api.env().vaultHost(name());
    }

    private String vault() {
        return group + "/providers/Microsoft.KeyVault/vaults/" + name();
    }

    private String set() {
        return group + "/providers/Microsoft.Compute/diskEncryptionSets/set";
    }

    private static Optional<ObjectNode> json(String text) {
        return Bodies.json(text);
    }
}

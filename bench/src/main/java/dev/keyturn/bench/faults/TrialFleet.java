package dev.keyturn.bench.faults;

import dev.keyturn.bench.Bodies;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/**
 * What each round begins with: {@code set-a} under a key of a vault, {@code set-b} under one of a managed HSM, each with
 * stopped VMs, {@code set-d} without any, and a group {@code other} that can be deleted as a whole. And where things are.
 */
final class TrialFleet {
    static final String GROUP = "/resourceGroups/fleet";
    static final String OTHER = "/resourceGroups/other";
    static final List<String> SETS = List.of("set-a", "set-b");
    /** In which VMs come and go and whose key is changed now and then; {@link #SETS} are among them. */
    static final List<String> ALL_SETS = List.of("set-a", "set-b", "set-d");

    private static final String VAULT = GROUP + "/providers/Microsoft.KeyVault/vaults/fleet-kv";
    private static final String HSM = GROUP + "/providers/Microsoft.KeyVault/managedHSMs/fleet-hsm";
    private static final String HSM_USER = "21dbd100-6940-42c2-9190-5d6cb909625b";
    private static final String HSM_ENCRYPTION_USER = "33413926-3206-4cdd-b39a-83574fe37a17";
    private static final int VMS_OF_A_SET = 5;
    private static final int VMS_OF_OTHER = 2;

    private final Map<String, String> keys = new LinkedHashMap<>();

    private TrialFleet() {}

    static TrialFleet create(Api api) throws InterruptedException, ExecutionException {
        TrialFleet fleet = new TrialFleet();
        api.arm("PUT", GROUP, Bodies.GROUPS, Bodies.group());
        api.arm("PUT", OTHER, Bodies.GROUPS, Bodies.group());
        api.armToEnd("PUT", VAULT, Bodies.VAULTS, Bodies.vault(api.env().tenant()));
        grant(api, VAULT, Bodies.CRYPTO_OFFICER, api.principal());
        api.armToEnd(
                "PUT", HSM, Bodies.VAULTS, Bodies.json("""
                {"location":"westeurope","sku":{"family":"B","name":"Standard_B1"},"properties":{"tenantId":"%s",
                "initialAdminObjectIds":["%s"],"enablePurgeProtection":true,"softDeleteRetentionInDays":7}}""".formatted(api.env().tenant(), api.principal())));
        grantInHsm(api, HSM_USER, api.principal());
        fleet.set(api, set("set-a"), newKey(api, "set-a"));
        fleet.set(api, set("set-b"), newKey(api, "set-b"));
        fleet.set(api, set("set-d"), newKey(api, "set-d"));
        fleet.set(api, otherSet(), newKey(api, "set-a"));
        List<Future<?>> made = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            for (String set : SETS) {
                for (int i = 0; i < VMS_OF_A_SET; i++) {
                    String path = vm(vmOf(set, i));
                    made.add(clients.submit(() -> newVm(api, path, set(set))));
                }
            }
            for (int i = 0; i < VMS_OF_OTHER; i++) {
                String path = OTHER + "/providers/Microsoft.Compute/virtualMachines/c" + i;
                made.add(clients.submit(() -> newVm(api, path, otherSet())));
            }
        }
        for (Future<?> one : made) {
            one.get();
        }
        return fleet;
    }

    private void set(Api api, String path, String keyUrl) {
        String identity =
                api.armToEnd("PUT", path, Bodies.SETS, Bodies.set(keyUrl)).text("identity.principalId");
        grant(api, VAULT, Bodies.ENCRYPTION_USER, identity);
        grantInHsm(api, HSM_ENCRYPTION_USER, identity);
        keys.put(path, keyUrl);
    }

    private static void newVm(Api api, String path, String set) {
        api.armToEnd("PUT", path, Bodies.VMS, Bodies.vm(path.substring(path.lastIndexOf('/') + 1), id(api, set)));
        api.armToEnd("POST", path + "/deallocate", Bodies.VMS, Optional.empty());
    }

    /** What the journal has to begin with. */
    void initially(Journal journal) {
        ALL_SETS.forEach(set -> journal.initially(set(set), activeKey(set(set))));
        for (String set : SETS) {
            for (int i = 0; i < VMS_OF_A_SET; i++) {
                journal.initially(vm(vmOf(set, i)), "deallocated");
            }
        }
        journal.initially(OTHER, "present");
    }

    /** The key of a set in the beginning. */
    String activeKey(String set) {
        return Optional.ofNullable(keys.get(set)).orElseThrow();
    }

    static List<String> vmsOf(String set) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < VMS_OF_A_SET; i++) {
            names.add(vmOf(set, i));
        }
        return names;
    }

    private static String vmOf(String set, int number) {
        return set.substring(set.length() - 1) + number;
    }

    static String vm(String name) {
        return GROUP + "/providers/Microsoft.Compute/virtualMachines/" + name;
    }

    static String disk(String name) {
        return GROUP + "/providers/Microsoft.Compute/disks/" + name;
    }

    static String set(String name) {
        return GROUP + "/providers/Microsoft.Compute/diskEncryptionSets/" + name;
    }

    static String otherSet() {
        return OTHER + "/providers/Microsoft.Compute/diskEncryptionSets/set-c";
    }

    static String id(Api api, String path) {
        return "/subscriptions/" + api.env().subscription() + path;
    }

    /** Where the keys of a set are: {@code set-b}'s are in the HSM. */
    static String keyHost(Api api, String key) {
        return key.equals("set-b") ? api.env().hsmHost("fleet-hsm") : api.env().vaultHost("fleet-kv");
    }

    /** A key fit for a set, or its next version. */
    static Answer makeKey(Api api, String key) {
        return api.keys("POST", keyHost(api, key), "/keys/" + key + "/create", Bodies.key());
    }

    private static String newKey(Api api, String key) {
        return makeKey(api, key).text("key.kid");
    }

    /** {@code running}, {@code stopped}, {@code deallocated}, or another word for what it is in the midst of. */
    static String power(Api api, String vm) {
        Answer view = api.arm("GET", vm + "/instanceView", Bodies.VMS, Optional.empty());
        String power = "";
        for (JsonNode status : Answer.at(view.body(), "statuses").orElseThrow()) {
            String code = Answer.text(status, "code");
            if (code.startsWith("PowerState/")) {
                power = code.substring("PowerState/".length());
            }
        }
        return power;
    }

    private static void grant(Api api, String scope, String role, String principal) {
        api.arm(
                "PUT",
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                Bodies.ROLES,
                Bodies.assignment(api.env().subscription(), role, principal));
    }

    private static void grantInHsm(Api api, String role, String principal) {
        api.keys(
                "PUT",
                api.env().hsmHost("fleet-hsm"),
                "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                Bodies.json("""
                {"properties":{"roleDefinitionId":"Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/%s",
                "principalId":"%s"}}""".formatted(role, principal)));
    }
}

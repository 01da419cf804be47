package dev.keyturn.acceptance.browser;

import dev.keyturn.acceptance.Ground;
import dev.keyturn.acceptance.Hsm;
import dev.keyturn.cli.client.Api;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What there is to see: sets whose key was changed, was changed in part and is as it was made, which expires soon, VMs in every state that
 * lasts, and people of whom one holds no role. Made over the API as a client makes it.
 */
final class Showcase implements AutoCloseable {
    static final String GROUP = "fleet-westeurope";
    static final String SPLIT = "fleet-eu";
    static final String DONE = "payroll";
    static final String FRESH = "archive";
    static final String VAULT = GROUP + "-kv";
    static final String HSM = "fleet-hsm";
    static final String POLICIES = "older-kv";
    static final String RUNNING = "vm-a-01";
    static final String FAULTY = "vm-db-2";
    static final String CIRCLE = "operators";
    static final String READER = "robin";
    static final String NOBODY = "noor";

    private final Ground ground;
    private final String newest;
    private final String ofHsm;

    private Showcase(Ground ground, String newest, String ofHsm) {
        this.ground = ground;
        this.newest = newest;
        this.ofHsm = ofHsm;
    }

    /** {@code vms} beside the few that each set has. */
    static Showcase on(Portal portal, int vms) {
        Ground ground = Ground.on(portal.server(), GROUP);
        String admin = portal.objectId("admin");
        portal.grant(ground, ground.vaultPath(), Ground.CRYPTO_OFFICER, admin);
        String first = ground.newKey("fleet-key");
        ground.newSet(SPLIT, first);
        String old = ground.newKey("archive-key");
        ground.newSet(FRESH, old);
        ground.expires(old, Instant.now().plus(Duration.ofDays(9)));
        ground.newSet(DONE, ground.newKey("payroll-key"));
        List<String> names =
                IntStream.rangeClosed(1, vms).mapToObj("vm-a-%02d"::formatted).toList();
        names.forEach(vm -> stopped(ground, vm, SPLIT));
        List.of("vm-db-1", FAULTY).forEach(vm -> stopped(ground, vm, DONE));

        ground.rotate(DONE, ground.newKey("payroll-key"));
        String newest = ground.newKey("fleet-key");
        with(
                ground,
                "stuck",
                "{\"kind\":\"updateRefused\",\"disk\":\"%s-data\"}".formatted(names.getLast()),
                g -> g.fails(() -> g.rotate(SPLIT, newest)));
        ground.act(RUNNING, "start");
        with(
                ground,
                "dead",
                "{\"kind\":\"startFails\",\"vm\":\"%s\"}".formatted(FAULTY),
                g -> g.fails(() -> g.act(FAULTY, "start")));
        ground.newKey("left-key");
        ground.deleteKey("left-key");
        String ofHsm = hsm(ground, admin);
        leave(ground);
        older(ground, admin);
        ground.api().own("POST", "/keyturn/groups", Ground.body("{\"name\":\"%s\"}".formatted(CIRCLE)));
        portal.grant(ground, "", Portal.READER, portal.invite(ground, READER, "Robin Reads"));
        portal.invite(ground, NOBODY, "Noor");
        return new Showcase(ground, newest, ofHsm);
    }

    private static String hsm(Ground ground, String admin) {
        Hsm hsm = Hsm.create(ground, HSM);
        for (String role : List.of(Hsm.CRYPTO_USER, Hsm.CRYPTO_OFFICER)) {
            hsm.grant(role, admin);
        }
        hsm.newKey("left-key");
        hsm.delete("left-key");
        return hsm.newKey("root-key");
    }

    /** A vault that can be purged and a managed HSM that cannot, both deleted. */
    private static void leave(Ground ground) {
        Api api = ground.api();
        String vault = ground.vaultPath().replace(VAULT, "left-vault");
        api.armToEnd(
                "PUT", vault, "2023-07-01", Ground.body("""
                {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                "enableRbacAuthorization":true,"softDeleteRetentionInDays":7}}""".formatted(api.env().tenant())));
        api.armToEnd("DELETE", vault, "2023-07-01", Optional.empty());
        api.armToEnd("DELETE", Hsm.create(ground, "left-hsm").path(), "2023-07-01", Optional.empty());
    }

    /** A vault on access policies. */
    private static void older(Ground ground, String admin) {
        Api api = ground.api();
        api.armToEnd("PUT", ground.vaultPath().replace(VAULT, POLICIES), "2023-07-01", Ground.body("""
                {"location":"westeurope","properties":{"tenantId":"%1$s","sku":{"family":"A","name":"premium"},
                "enableRbacAuthorization":false,"enablePurgeProtection":true,"accessPolicies":[
                {"tenantId":"%1$s","objectId":"%2$s","permissions":{"keys":["all"],"secrets":["get"]}}]}}""".formatted(
                        api.env().tenant(), admin)));
    }

    private static void stopped(Ground ground, String vm, String set) {
        ground.newVm(vm, set);
        ground.act(vm, "deallocate");
    }

    private static void with(Ground ground, String id, String fault, Consumer<Ground> act) {
        ground.fault(id, fault);
        act.accept(ground);
        ground.mend(id);
    }

    Ground ground() {
        return ground;
    }

    /** The key version that the set {@link #SPLIT} is partly under. */
    String newest() {
        return newest;
    }

    /** The version of the key {@code root-key} in the managed HSM. */
    String ofHsm() {
        return ofHsm;
    }

    @Override
    public void close() {
        ground.close();
    }
}

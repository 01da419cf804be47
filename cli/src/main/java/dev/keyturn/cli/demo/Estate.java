package dev.keyturn.cli.demo;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.core.model.KeyId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The demo's resources on the server: each method is one request, or one operation with its polls. */
final class Estate {
    static final String CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603";
    static final String CRYPTO_SERVICE_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    private static final String GROUPS = "2021-04-01";
    private static final String VAULTS = "2023-07-01";
    private static final String ROLES = "2022-04-01";
    private static final String SETS = "2024-03-02";
    private static final String VMS = "2024-07-01";
    private static final String DISKS = "2024-03-02";
    private static final String FAULT = "/keyturn/simulatedHost/faults/";

    /** One artifact as the server shows it. */
    record Artifact(String kind, String keyUrl) {}

    private final Api api;
    private final Cast cast;
    private final VmShape shape;

    Estate(Api api, Cast cast, VmShape shape) {
        this.api = api;
        this.cast = cast;
        this.shape = shape;
    }

    String vaultId() {
        return cast.id(cast.vaultPath());
    }

    private String vaultHost() {
        return api.env().vaultHost(cast.vault());
    }

    void createGroup() {
        api.arm("PUT", cast.groupPath(), GROUPS, Optional.of(Bodies.group()));
    }

    void deleteGroup() {
        api.armToEnd("DELETE", cast.groupPath(), GROUPS, Optional.empty());
    }

    Answer createVault() {
        return api.armToEnd(
                "PUT",
                cast.vaultPath(),
                VAULTS,
                Optional.of(Bodies.vault(api.env().tenant())));
    }

    /** At the vault, which is where least may be done with it. */
    void grant(String role, String principal) {
        UUID name = UUID.nameUUIDFromBytes((cast.vaultPath() + role + principal).getBytes(StandardCharsets.UTF_8));
        api.arm(
                "PUT",
                cast.vaultPath() + "/providers/Microsoft.Authorization/roleAssignments/" + name,
                ROLES,
                Optional.of(Bodies.roleAssignment(cast.subscription(), role, principal)));
    }

    String createKey() {
        return api.keys("POST", vaultHost(), "/keys/" + Cast.KEY + "/create", Optional.of(Bodies.key()))
                .text("key.kid");
    }

    String newVersion() {
        return api.keys("POST", vaultHost(), "/keys/" + Cast.KEY + "/rotate", Optional.empty())
                .text("key.kid");
    }

    void enable(String keyUrl, boolean enabled) {
        api.keys("PATCH", vaultHost(), path(keyUrl), Optional.of(Bodies.enabled(enabled)));
    }

    boolean enabled(String keyUrl) {
        return api.keys("GET", vaultHost(), path(keyUrl), Optional.empty())
                .text("attributes.enabled")
                .equals("true");
    }

    private static String path(String keyUrl) {
        return KeyId.parse(keyUrl).orElseThrow().path();
    }

    Answer createSet(String keyUrl) {
        return api.armToEnd("PUT", cast.setPath(), SETS, Optional.of(Bodies.set(vaultId(), keyUrl)));
    }

    Answer set() {
        return api.arm("GET", cast.setPath(), SETS, Optional.empty());
    }

    Answer preflight(String keyUrl) {
        return api.arm("POST", cast.setPath() + "/preflight", SETS, Optional.of(Bodies.newKey(vaultId(), keyUrl)));
    }

    Answer rotate(String keyUrl, IntConsumer percent) {
        return api.armToEnd("PATCH", cast.setPath(), SETS, Optional.of(Bodies.newKey(vaultId(), keyUrl)), percent);
    }

    /** Opens every artifact of the set on its host. */
    void verify(IntConsumer percent) {
        api.armToEnd("POST", cast.setPath() + "/verify", SETS, Optional.empty(), percent);
    }

    Answer census() {
        return api.arm("GET", cast.setPath() + "/census", SETS, Optional.empty());
    }

    void createVm(String name) {
        api.armToEnd("PUT", cast.vmPath(name), VMS, Optional.of(Bodies.vm(name, cast.id(cast.setPath()), shape)));
    }

    void start(String vm) {
        api.armToEnd("POST", cast.vmPath(vm) + "/start", VMS, Optional.empty());
    }

    void deallocate(String vm) {
        api.armToEnd("POST", cast.vmPath(vm) + "/deallocate", VMS, Optional.empty());
    }

    /** By which its host knows it. */
    UUID vmId(String vm) {
        Answer answer = api.arm("GET", cast.vmPath(vm), VMS, Optional.empty());
        return UUID.fromString(answer.text("properties.vmId"));
    }

    /** By which its host knows it. */
    UUID diskId(String disk) {
        Answer answer = api.arm("GET", cast.diskPath(disk), DISKS, Optional.empty());
        return UUID.fromString(answer.text("properties.uniqueId"));
    }

    /** What the guest wrote to its serial console; empty text where it wrote nothing yet. */
    String console(String vm) {
        Answer answer = api.arm("POST", cast.vmPath(vm) + "/retrieveBootDiagnosticsData", VMS, Optional.empty());
        return new String(api.download(answer.text("serialConsoleLogBlobUri")), StandardCharsets.UTF_8);
    }

    ObjectNode instanceView(String vm) {
        return api.arm("GET", cast.vmPath(vm) + "/instanceView", VMS, Optional.empty())
                .body();
    }

    /** As in {@code PowerState/running}, without the prefix; empty text where the server says none. */
    String power(String vm) {
        return status(instanceView(vm), "PowerState/")
                .map(s -> Answer.text(s, "code").substring("PowerState/".length()))
                .orElse("");
    }

    /** What the host on which a VM is says it is. */
    String hostLabel(String vm) {
        return status(instanceView(vm), "HostInfo/")
                .map(s -> Answer.text(s, "displayStatus"))
                .orElse("");
    }

    private static Optional<JsonNode> status(ObjectNode view, String prefix) {
        return Answer.at(view, "statuses").stream()
                .flatMap(s -> s.valueStream())
                .filter(s -> Answer.text(s, "code").startsWith(prefix))
                .findFirst();
    }

    List<Artifact> artifacts(String vm) {
        List<Artifact> all = new ArrayList<>();
        Answer answer = api.arm("GET", cast.vmPath(vm) + "/artifacts", VMS, Optional.empty());
        Answer.at(answer.body(), "value")
                .ifPresent(v ->
                        v.forEach(a -> all.add(new Artifact(Answer.text(a, "kind"), Answer.text(a, "keyUrl")))));
        return all;
    }

    void breakDisk(String fault, String disk) {
        api.own("PUT", FAULT + fault, Optional.of(Bodies.updateRefused(disk)));
    }

    void mend(String fault) {
        api.own("DELETE", FAULT + fault, Optional.empty());
    }
}

package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The same as the pages of vaults, as clients of the API say it. */
final class VaultSteps {
    private VaultSteps() {}

    static Step all(Visitor visitor, VaultKind kind, String subscription) {
        return Step.arm(
                visitor.request(),
                "List the " + kind.noun() + "s",
                "GET",
                ArmId.subscription(subscription) + "/providers/" + kind.type(),
                Step.VAULTS);
    }

    static List<Step> of(Visitor visitor, VaultPage page) {
        List<Step> steps = new ArrayList<>();
        page.id()
                .ifPresent(id ->
                        steps.add(Step.arm(visitor.request(), "Show the " + page.noun(), "GET", id, Step.VAULTS)));
        steps.add(Step.key("List its keys", "GET", page.uri() + "keys"));
        steps.add(Step.key("List its deleted keys", "GET", page.uri() + "deletedkeys"));
        return steps;
    }

    static Step allDeleted(Visitor visitor, VaultKind kind, String subscription) {
        return Step.arm(
                        visitor.request(),
                        "List the deleted " + kind.noun() + "s",
                        "GET",
                        ArmId.subscription(subscription) + "/providers/Microsoft.KeyVault/" + deletedType(kind),
                        Step.VAULTS)
                .by(Az.of("keyvault", "list-deleted")
                        .with("--resource-type", kind == VaultKind.VAULT ? "vault" : "hsm"));
    }

    static Step delete(Visitor visitor, Vault vault) {
        return Step.of(
                        visitor.request(),
                        "Delete it",
                        "DELETE",
                        vault.resource().id(),
                        "",
                        Step.VAULTS)
                .by(named("delete", vault));
    }

    static Step purge(Visitor visitor, Vault vault) {
        return Step.arm(
                        visitor.request(),
                        "Purge it",
                        "POST",
                        ArmId.subscription(vault.resource().id().subscription())
                                + "/providers/Microsoft.KeyVault/locations/"
                                + vault.resource().location() + "/" + deletedType(vault.kind()) + "/" + vault.name()
                                + "/purge",
                        Step.VAULTS)
                .by(named("purge", vault));
    }

    static Step policies(Visitor visitor, Vault vault) {
        return Step.of(
                        visitor.request(),
                        "Show the vault with its access policies",
                        "GET",
                        vault.resource().id(),
                        "",
                        Step.VAULTS)
                .by(named("show", vault));
    }

    /** @param sent as the form sends it */
    static Step policies(Visitor visitor, Vault vault, String what, String operation, ObjectNode sent) {
        return Step.of(
                        visitor.request(),
                        what,
                        "PUT",
                        vault.resource().id(),
                        "/accessPolicies/" + operation,
                        Step.VAULTS)
                .sending(Json.text(sent));
    }

    private static String deletedType(VaultKind kind) {
        return kind == VaultKind.VAULT ? "deletedVaults" : "deletedManagedHSMs";
    }

    private static Az named(String command, Vault vault) {
        return Az.of("keyvault", command).with(vault.kind() == VaultKind.VAULT ? "--name" : "--hsm-name", vault.name());
    }

    static List<Step> of(VaultKeyPage page) {
        List<Step> steps = new ArrayList<>();
        if (page.end().isPresent()) {
            String deleted = page.id().replace("/keys/", "/deletedkeys/");
            steps.add(Step.key("Show the deleted key", "GET", deleted));
            steps.add(Step.key("Recover it", "POST", deleted + "/recover"));
            return steps;
        }
        steps.add(Step.key("List its versions", "GET", page.id() + "/versions"));
        if (page.mayRotate()) {
            steps.add(Step.key("Make a new version", "POST", page.id() + "/rotate"));
        }
        page.policy()
                .ifPresent(_ -> steps.add(Step.key("Show its rotation policy", "GET", page.id() + "/rotationpolicy")));
        return steps;
    }
}

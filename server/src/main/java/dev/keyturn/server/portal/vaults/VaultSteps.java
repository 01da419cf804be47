package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;

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

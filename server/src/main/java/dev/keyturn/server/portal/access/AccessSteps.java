package dev.keyturn.server.portal.access;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the access pages do, as clients of the API say it; what the person may not do is left out. */
final class AccessSteps {
    private static final String ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments";
    private static final String GROUPS = "/keyturn/groups";

    /** Of a managed HSM. */
    static final String INSIDE =
            "What holds inside of a managed HSM is listed at the HSM's own address: az keyvault role"
                    + " assignment list --hsm-name NAME";

    private AccessSteps() {}

    /** Of role assignments at a scope; none for the inside of a managed HSM, which has an address of its own for them. */
    static Step[] of(Visitor visitor, Scope scope, AccessPage page) {
        Optional<ArmId> id = scope.id().filter(i -> !i.equals(ArmId.TENANT));
        if (id.isEmpty() || page.blind().isPresent()) {
            return new Step[0];
        }
        String at = id.get().toString();
        String path = at + ASSIGNMENTS;
        Request request = visitor.request();
        List<Step> steps = new ArrayList<>();
        steps.add(Step.arm(request, "List who has which role here", "GET", path, Step.ROLES)
                .by(Az.of("role", "assignment", "list").with("--scope", at)));
        if (page.form().isPresent()) {
            steps.add(Step.arm(request, "Give a role here", "PUT", path + "/NEW_GUID", Step.ROLES)
                    .sending("{\"properties\":{\"principalId\":\"OBJECT_ID\",\"roleDefinitionId\":\"ROLE_ID\"}}")
                    .by(Az.of("role", "assignment", "create")
                            .with("--assignee-object-id", "OBJECT_ID")
                            .with("--assignee-principal-type", "User")
                            .with("--role", "ROLE")
                            .with("--scope", at)));
        }
        if (page.rows().stream().anyMatch(AccessPage.Row::taken)) {
            steps.add(Step.arm(request, "Take a role away", "DELETE", path + "/NAME", Step.ROLES));
        }
        return steps.toArray(Step[]::new);
    }

    /** What somebody may do at a scope follows from the assignments there, of groups too. */
    static List<Step> check(Request request, Scope scope, Optional<String> who) {
        return scope.id().filter(i -> !i.equals(ArmId.TENANT)).stream()
                .map(id -> Step.arm(
                                request,
                                "List the roles that hold for somebody here, through groups too",
                                "GET",
                                id + ASSIGNMENTS,
                                Step.ROLES,
                                "$filter=" + Links.part("assignedTo('" + who.orElse("OBJECT_ID") + "')"))
                        .by(Az.of("role", "assignment", "list")
                                .with("--assignee", who.orElse("OBJECT_ID"))
                                .plus(List.of("--include-groups", "--include-inherited"))
                                .with("--scope", id.toString())))
                .toList();
    }

    static Step[] of(Visitor visitor, PersonGroupsPage page) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.arm(visitor.request(), "List the groups of people", "GET", GROUPS, Step.VMS));
        if (page.makes()) {
            steps.add(Step.arm(visitor.request(), "Make a group", "POST", GROUPS, Step.VMS)
                    .sending("{\"name\":\"NAME\",\"description\":\"WHAT IT IS FOR\"}"));
        }
        return steps.toArray(Step[]::new);
    }

    static Step[] of(Visitor visitor, PersonGroupPage page) {
        String one = GROUPS + "/" + page.group().name();
        Request request = visitor.request();
        List<Step> steps = new ArrayList<>();
        steps.add(Step.arm(request, "List who is in it", "GET", one + "/members", Step.VMS));
        if (page.changes()) {
            steps.add(Step.arm(request, "Put somebody in", "PUT", one + "/members/PERSON", Step.VMS));
            steps.add(Step.arm(request, "Take somebody out", "DELETE", one + "/members/PERSON", Step.VMS));
        }
        if (page.deletes()) {
            steps.add(Step.arm(request, "Delete the group", "DELETE", one, Step.VMS));
        }
        return steps.toArray(Step[]::new);
    }
}

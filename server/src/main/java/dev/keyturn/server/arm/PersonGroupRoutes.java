package dev.keyturn.server.arm;

import dev.keyturn.core.directory.Groups;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroup.Member;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Ours, beside Azure's API (docs/own-endpoints.md): groups of people, and who is in them. */
public final class PersonGroupRoutes {
    static final Shape SHAPE = Shape.arm().text("name").text("description").build();

    private static final String ALL = "/keyturn/groups";
    private static final String ONE = ALL + "/{name}";
    private static final String MEMBERS = ONE + "/members";

    private final Groups groups;

    private PersonGroupRoutes(Groups groups) {
        this.groups = groups;
    }

    public static void add(ArmRoutes routes, Groups groups) {
        PersonGroupRoutes it = new PersonGroupRoutes(groups);
        routes.add("GET", ALL, it::list)
                .add("POST", ALL, it::make)
                .add("GET", ONE, (call, request) -> Response.ok(render(it.find(call, request))))
                .add("DELETE", ONE, it::delete)
                .add("GET", MEMBERS, it::members)
                .add("PUT", MEMBERS + "/{person}", it::put)
                .add("DELETE", MEMBERS + "/{person}", it::take);
    }

    private Response list(Call call, Request request) {
        Page page = Page.of(request);
        return page.answer(
                request,
                groups.page(call, page.after().flatMap(GroupName::parse), page.fetch()),
                g -> g.name().key(),
                PersonGroupRoutes::render);
    }

    private Response make(Call call, Request request) {
        groups.requireWrite(call);
        Fields fields = Fields.of(request.json(), SHAPE);
        Optional<GroupName> name = GroupName.parse(fields.requiredText("name"));
        if (fields.has("name") && name.isEmpty()) {
            fields.problem("name", "'name' must be " + GroupName.FORM + ".");
        }
        String description = fields.text("description").orElse("");
        if (description.length() > PersonGroup.LONGEST_DESCRIPTION) {
            fields.problem(
                    "description",
                    "'description' must have at most " + PersonGroup.LONGEST_DESCRIPTION + " characters.");
        }
        fields.done();
        return Response.json(201, render(groups.make(call, name.orElseThrow(), description)));
    }

    private Response delete(Call call, Request request) {
        groups.requireDelete(call);
        return Response.ok(render(groups.delete(call, find(call, request).id())));
    }

    private Response members(Call call, Request request) {
        Page page = Page.of(request);
        PersonGroup group = find(call, request);
        return page.answer(
                request,
                groups.members(call, group.id(), page.after().flatMap(SignInName::parse), page.fetch()),
                m -> m.person().name().key(),
                PersonGroupRoutes::render);
    }

    private Response put(Call call, Request request) {
        groups.requireMembers(call);
        return Response.ok(render(groups.add(call, find(call, request).id(), person(request))));
    }

    private Response take(Call call, Request request) {
        groups.requireMembers(call);
        return Response.ok(render(groups.remove(call, find(call, request).id(), person(request))));
    }

    private PersonGroup find(Call call, Request request) {
        return groups.find(call, request.variable("name"));
    }

    private static SignInName person(Request request) {
        String name = request.variable("person");
        return SignInName.parse(name)
                .orElseThrow(() -> new DomainError.NotFound(
                                ErrorInfo.of("PersonNotFound", "There is no person '" + name + "' here."))
                        .asException());
    }

    private static ObjectNode render(PersonGroup group) {
        return Json.object()
                .put("id", group.id().toString())
                .put("name", group.name().text())
                .put("description", group.description())
                .put("createdAt", group.createdAt().toString())
                .put("createdBy", group.createdBy());
    }

    private static ObjectNode render(Member member) {
        return render(member.person())
                .put("addedAt", member.addedAt().toString())
                .put("addedBy", member.addedBy());
    }

    private static ObjectNode render(Person person) {
        return Json.object()
                .put("id", person.id().toString())
                .put("name", person.name().text())
                .put("displayName", person.displayName());
    }
}

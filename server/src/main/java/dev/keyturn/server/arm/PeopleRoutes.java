package dev.keyturn.server.arm;

import dev.keyturn.core.directory.People;
import dev.keyturn.core.directory.People.Invited;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ours, beside Azure's API (docs/own-endpoints.md): people, and the one-time links that they first sign in with. */
public final class PeopleRoutes {
    static final Shape SHAPE = Shape.arm().text("name").text("displayName").build();

    static final Shape OUTSIDER = Shape.arm().text("issuer").text("subject").build();

    private static final String SHUT_OUT = "/keyturn/shutOut";
    private static final int MOST_SHUT_OUT = 1000;
    private static final String ALL = "/keyturn/people";
    private static final String ONE = ALL + "/{name}";

    private final People people;
    private final String url;

    private PeopleRoutes(People people, String url) {
        this.people = people;
        this.url = url;
    }

    /** {@code url} is the server's own, below which one-time links lead. */
    public static void add(ArmRoutes routes, People people, String url) {
        PeopleRoutes it = new PeopleRoutes(people, url);
        routes.add("GET", ALL, it::list)
                .add("POST", ALL, it::invite)
                .add("GET", ONE, (call, request) -> Response.ok(render(it.find(call, request))))
                .add("POST", ONE + "/resetPassword", it::reset)
                .add("DELETE", ONE, it::delete)
                .add("GET", SHUT_OUT, it::shutOut)
                .add("POST", SHUT_OUT + "/readmit", it::readmit);
    }

    private Response list(Call call, Request request) {
        Page page = Page.of(request);
        return page.answer(
                request,
                people.page(call, page.after().flatMap(SignInName::parse), page.fetch()),
                p -> p.name().key(),
                PeopleRoutes::render);
    }

    private Response invite(Call call, Request request) {
        people.requireWrite(call);
        Fields fields = Fields.of(request.json(), SHAPE);
        String text = fields.requiredText("name");
        Optional<SignInName> name = SignInName.parse(text);
        if (fields.has("name") && name.isEmpty()) {
            fields.problem("name", "'name' must be " + SignInName.FORM + ".");
        }
        String displayName = fields.text("displayName").orElse(text);
        if (displayName.isBlank() || displayName.length() > Person.LONGEST_DISPLAY_NAME) {
            fields.problem(
                    "displayName", "'displayName' must have 1 to " + Person.LONGEST_DISPLAY_NAME + " characters.");
        }
        fields.done();
        return Response.json(201, render(people.invite(call, name.orElseThrow(), displayName)));
    }

    private Response reset(Call call, Request request) {
        people.requireReset(call);
        return Response.ok(render(people.reset(call, find(call, request).id())));
    }

    private Response delete(Call call, Request request) {
        people.requireDelete(call);
        return Response.ok(render(people.delete(call, find(call, request).id())));
    }

    private Response shutOut(Call call, Request request) {
        ArrayNode all = Json.array();
        for (Outsider outsider : people.shutOut(call, MOST_SHUT_OUT)) {
            all.add(Json.object()
                    .put("issuer", outsider.issuer())
                    .put("subject", outsider.subject())
                    .put("name", outsider.name())
                    .put("signedInAt", outsider.signedInAt().toString()));
        }
        ObjectNode body = Json.object();
        body.set("value", all);
        return Response.ok(body);
    }

    private Response readmit(Call call, Request request) {
        people.requireWrite(call);
        Fields fields = Fields.of(request.json(), OUTSIDER);
        String issuer = fields.requiredText("issuer");
        String subject = fields.requiredText("subject");
        fields.done();
        people.readmit(call, issuer, subject);
        return Response.empty(204);
    }

    private Person find(Call call, Request request) {
        return people.find(call, request.variable("name"));
    }

    private ObjectNode render(Invited invited) {
        return render(invited.person()).put("signInUrl", url + "/portal/welcome?link=" + invited.link());
    }

    private static ObjectNode render(Person person) {
        return Json.object()
                .put("id", person.id().toString())
                .put("name", person.name().text())
                .put("displayName", person.displayName())
                .put("createdAt", person.createdAt().toString())
                .put("createdBy", person.createdBy());
    }
}

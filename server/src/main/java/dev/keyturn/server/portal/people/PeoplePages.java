package dev.keyturn.server.portal.people;

import dev.keyturn.core.directory.People;
import dev.keyturn.core.directory.People.Invited;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who can sign in; to invite people, to give them a new link, to delete them. */
public final class PeoplePages {
    private static final String HERE = "/portal/people";
    private static final int SHOWN = 100;

    private final Entry entry;
    private final People people;
    private final String url;

    public PeoplePages(Entry entry, People people, String url) {
        this.entry = entry;
        this.people = people;
        this.url = url;
    }

    public void addTo(Routes routes) {
        entry.page(routes, HERE, v -> show(v, 200, Optional.empty(), "", "", List.of()));
        entry.form(routes, HERE, this::invite);
        entry.form(routes, HERE + "/{id}/reset", this::reset);
        entry.form(routes, HERE + "/{id}/delete", this::delete);
        entry.form(routes, HERE + "/readmit", this::readmit);
    }

    private Response show(
            Visitor visitor,
            int status,
            Optional<PeoplePage.Handed> link,
            String name,
            String displayName,
            List<String> problems) {
        Optional<SignInName> after = visitor.request().query("after").flatMap(SignInName::parse);
        List<Person> found = new ArrayList<>(people.page(visitor.call(), after, SHOWN + 1));
        Optional<String> more = Optional.empty();
        if (found.size() > SHOWN) {
            found.removeLast();
            more = Optional.of(URLEncoder.encode(found.getLast().name().text(), StandardCharsets.UTF_8));
        }
        PeoplePage page = new PeoplePage(
                found,
                people.passkeys(visitor.call(), found),
                people.outside().issuer(),
                people.outsiders(visitor.call(), found),
                people.shutOut(visitor.call(), SHOWN),
                more,
                link,
                name,
                displayName,
                problems);
        return entry.html()
                .page(
                        status,
                        "people",
                        entry.frame(visitor, "People", Links.ACCESS, Optional.empty())
                                .with(steps(visitor, page)),
                        page);
    }

    private static List<Step> steps(Visitor visitor, PeoplePage page) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.arm(visitor.request(), "List the people", "GET", "/keyturn/people", Step.VMS));
        if (page.provider().isEmpty()) {
            steps.add(Step.arm(visitor.request(), "Invite somebody", "POST", "/keyturn/people", Step.VMS)
                    .sending("{\"name\":\"NAME\",\"displayName\":\"DISPLAY NAME\"}"));
        }
        if (!page.shutOut().isEmpty()) {
            steps.add(Step.arm(visitor.request(), "Let somebody in again", "POST", "/keyturn/shutOut/readmit", Step.VMS)
                    .sending("{\"issuer\":\"ISSUER\",\"subject\":\"SUBJECT\"}"));
        }
        return steps;
    }

    private Response invite(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        String name = form.getOrDefault("name", "").strip();
        String displayName = form.getOrDefault("displayname", "").strip();
        List<String> problems = new ArrayList<>();
        Optional<SignInName> parsed = SignInName.parse(name);
        if (parsed.isEmpty()) {
            problems.add("A name to sign in with has " + SignInName.FORM + ".");
        }
        if (displayName.length() > Person.LONGEST_DISPLAY_NAME) {
            problems.add("A display name has at most " + Person.LONGEST_DISPLAY_NAME + " characters.");
        }
        if (!problems.isEmpty()) {
            people.requireWrite(visitor.call());
            return show(visitor, 400, Optional.empty(), name, displayName, problems);
        }
        try {
            Invited invited =
                    people.invite(visitor.call(), parsed.orElseThrow(), displayName.isEmpty() ? name : displayName);
            return show(visitor, 200, Optional.of(handed(invited)), "", "", List.of());
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict)) {
                throw e;
            }
            return show(
                    visitor,
                    409,
                    Optional.empty(),
                    name,
                    displayName,
                    List.of(e.error().info().message()));
        }
    }

    private Response reset(Visitor visitor) {
        people.requireReset(visitor.call()); // and that the page can be shown: the link is told once
        people.page(visitor.call(), Optional.empty(), 1);
        Invited invited = people.reset(visitor.call(), id(visitor));
        return show(visitor, 200, Optional.of(handed(invited)), "", "", List.of());
    }

    private Response delete(Visitor visitor) {
        people.requireDelete(visitor.call());
        PrincipalId id = id(visitor);
        Optional<Person> found = people.find(visitor.call(), id);
        if (found.isPresent() && !typed(visitor, found.get())) {
            return show(
                    visitor,
                    400,
                    Optional.empty(),
                    "",
                    "",
                    List.of("Nobody was deleted: what was typed is not '"
                            + found.get().name().text() + "'."));
        }
        people.delete(visitor.call(), id);
        return Html.to(HERE);
    }

    private static boolean typed(Visitor visitor, Person person) {
        String text = visitor.request().form().getOrDefault("label", "").strip();
        return SignInName.parse(text).equals(Optional.of(person.name()));
    }

    private Response readmit(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        people.readmit(visitor.call(), form.getOrDefault("issuer", ""), form.getOrDefault("subject", ""));
        return Html.to(HERE);
    }

    private PeoplePage.Handed handed(Invited invited) {
        return new PeoplePage.Handed(invited.person().name().text(), url + "/portal/welcome?link=" + invited.link());
    }

    private static PrincipalId id(Visitor visitor) {
        return PrincipalId.parse(visitor.request().variable("id"))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of("PersonNotFound", "There is no such person."))
                        .asException());
    }
}

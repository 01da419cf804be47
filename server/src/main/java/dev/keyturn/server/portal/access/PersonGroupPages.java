package dev.keyturn.server.portal.access;

import dev.keyturn.core.directory.Groups;
import dev.keyturn.core.directory.People;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroup.Member;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Groups of people: to make one, to put people in and take them out, to delete it. */
public final class PersonGroupPages {
    private static final int SHOWN = 100;
    private static final String ONE = Links.PERSON_GROUPS + "/{name}";

    private final AccessDesk desk;
    private final Groups groups;
    private final People people;

    public PersonGroupPages(AccessDesk desk, Groups groups, People people) {
        this.desk = desk;
        this.groups = groups;
        this.people = people;
    }

    public void addTo(Routes routes) {
        desk.entry().page(routes, Links.PERSON_GROUPS, v -> list(v, 200, "", "", List.of()));
        desk.entry().form(routes, Links.PERSON_GROUPS, this::make);
        desk.entry().page(routes, ONE, v -> show(v, 200, "", List.of()));
        desk.entry().form(routes, ONE + "/add", this::add);
        desk.entry().form(routes, ONE + "/remove", this::remove);
        desk.entry().form(routes, ONE + "/delete", this::delete);
    }

    private Response list(Visitor visitor, int status, String name, String description, List<String> problems) {
        Optional<GroupName> after = visitor.request().query("after").flatMap(GroupName::parse);
        List<PersonGroup> found = new ArrayList<>(groups.page(visitor.call(), after, SHOWN + 1));
        Optional<String> more = Optional.empty();
        if (found.size() > SHOWN) {
            found.removeLast();
            more = Optional.of(Links.PERSON_GROUPS + "?after="
                    + Links.part(found.getLast().name().text()));
        }
        PersonGroupsPage page =
                new PersonGroupsPage(found, more, may(visitor, Action.PERSON_GROUP_WRITE), name, description, problems);
        return desk.entry()
                .html()
                .page(
                        status,
                        "person-groups",
                        desk.entry()
                                .frame(visitor, "Groups of people", Links.ACCESS, Optional.empty())
                                .with(AccessSteps.of(visitor, page)),
                        page);
    }

    private Response make(Visitor visitor) {
        groups.requireWrite(visitor.call());
        Map<String, String> form = visitor.request().form();
        String name = form.getOrDefault("name", "").strip();
        String description = form.getOrDefault("description", "").strip();
        List<String> problems = new ArrayList<>();
        Optional<GroupName> parsed = GroupName.parse(name);
        if (parsed.isEmpty()) {
            problems.add("The name of a group has " + GroupName.FORM + ".");
        }
        if (description.length() > PersonGroup.LONGEST_DESCRIPTION) {
            problems.add("A description has at most " + PersonGroup.LONGEST_DESCRIPTION + " characters.");
        }
        if (!problems.isEmpty()) {
            return list(visitor, 400, name, description, problems);
        }
        try {
            PersonGroup made = groups.make(visitor.call(), parsed.orElseThrow(), description);
            return Html.to(Links.personGroup(made.name().text()));
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict)) {
                throw e;
            }
            return list(
                    visitor, 409, name, description, List.of(e.error().info().message()));
        }
    }

    private Response show(Visitor visitor, int status, String typed, List<String> problems) {
        PersonGroup group = group(visitor);
        Optional<SignInName> after = visitor.request().query("after").flatMap(SignInName::parse);
        List<Member> found = new ArrayList<>(groups.members(visitor.call(), group.id(), after, SHOWN + 1));
        Optional<String> more = Optional.empty();
        if (found.size() > SHOWN) {
            found.removeLast();
            more = Optional.of(Links.personGroup(group.name().text()) + "?after="
                    + Links.part(found.getLast().person().name().text()));
        }
        Optional<String> saidBy = groups.saidBy(group);
        boolean mayChange = may(visitor, Action.PERSON_GROUP_MEMBERS_WRITE);
        boolean changes = saidBy.isEmpty() && mayChange;
        List<Person> some = changes && may(visitor, Action.PERSON_READ)
                ? people.page(visitor.call(), Optional.empty(), SHOWN * 2)
                : List.of();
        PersonGroupPage page = new PersonGroupPage(
                group,
                found,
                more,
                desk.everything(visitor, group.id()),
                some,
                saidBy,
                changes,
                mayChange && !changes ? groups.leftHere(group, found) : Set.of(),
                saidBy.isEmpty() && may(visitor, Action.PERSON_GROUP_DELETE),
                typed,
                problems);
        return desk.entry()
                .html()
                .page(
                        status,
                        "person-group",
                        desk.entry()
                                .frame(visitor, "Group " + group.name().text(), Links.ACCESS, Optional.empty())
                                .with(AccessSteps.of(visitor, page)),
                        page);
    }

    private Response add(Visitor visitor) {
        groups.requireMembers(visitor.call());
        PersonGroup group = group(visitor);
        String typed = visitor.request().form().getOrDefault("person", "").strip();
        Optional<SignInName> name = SignInName.parse(typed);
        if (name.isEmpty()) {
            return show(visitor, 400, typed, List.of("Give the name that the person signs in with."));
        }
        try {
            groups.add(visitor.call(), group.id(), name.get());
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.NotFound)) {
                throw e;
            }
            return show(
                    visitor,
                    ErrorStatus.of(e.error()),
                    typed,
                    List.of(e.error().info().message()));
        }
        return Html.to(Links.personGroup(group.name().text()));
    }

    private Response remove(Visitor visitor) {
        groups.requireMembers(visitor.call());
        PersonGroup group = group(visitor);
        SignInName.parse(visitor.request().form().getOrDefault("person", ""))
                .ifPresent(name -> groups.remove(visitor.call(), group.id(), name));
        return Html.to(Links.personGroup(group.name().text()));
    }

    private Response delete(Visitor visitor) {
        groups.requireDelete(visitor.call());
        PersonGroup group = group(visitor);
        String typed = visitor.request().form().getOrDefault("label", "").strip();
        if (GroupName.parse(typed).filter(group.name()::equals).isEmpty()) {
            return show(
                    visitor,
                    400,
                    "",
                    List.of("Nothing was deleted: what was typed is not the name of the group, '" + group.name()
                            + "'."));
        }
        groups.delete(visitor.call(), group.id());
        return Html.to(Links.PERSON_GROUPS);
    }

    private PersonGroup group(Visitor visitor) {
        return groups.find(visitor.call(), visitor.request().variable("name"));
    }

    private boolean may(Visitor visitor, Action action) {
        return desk.may(visitor, action, desk.whole());
    }
}

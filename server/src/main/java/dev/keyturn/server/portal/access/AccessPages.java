package dev.keyturn.server.portal.access;

import dev.keyturn.core.access.AccessReview.Listed;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Place;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Role assignments at any scope: to look at, to give, to take away. */
public final class AccessPages {
    /** More than a person reads; how many others there are is said. */
    private static final int SHOWN = 300;

    private final AccessDesk desk;

    public AccessPages(AccessDesk desk) {
        this.desk = desk;
    }

    public void addTo(Routes routes) {
        desk.entry()
                .page(routes, Links.ACCESS, v -> show(v, 200, scope(v.request().query("scope")), Typed.NOTHING));
        desk.entry().form(routes, Links.ACCESS + "/give", this::give);
        desk.entry().form(routes, Links.ACCESS + "/take", this::take);
    }

    /** What a form had, and why it was refused. */
    private record Typed(String who, String role, String why, List<String> problems) {
        static final Typed NOTHING = new Typed("", "", "", List.of());
    }

    private Scope scope(Optional<String> asked) {
        return asked.map(String::strip)
                .filter(s -> !s.isEmpty())
                .map(Place::parse)
                .orElse(Scope.subscription(desk.subscription().id()));
    }

    private Response show(Visitor visitor, int status, Scope scope, Typed typed) {
        AccessPage page = page(visitor, scope, typed);
        return desk.entry()
                .html()
                .page(
                        page.blind().isPresent() ? 403 : status,
                        "access",
                        desk.entry()
                                .frame(visitor, "Access", Links.ACCESS, Optional.empty())
                                .with(AccessSteps.of(visitor, scope, page))
                                .alone(
                                        page.blind().isPresent()
                                                ? "A call would be refused as this page is: it takes the same right."
                                                : AccessSteps.INSIDE),
                        page);
    }

    private AccessPage page(Visitor visitor, Scope scope, Typed typed) {
        Call call = visitor.call();
        Place place = Place.of(scope);
        List<Place> above = scope.upwards().reversed().stream()
                .filter(s -> !s.equals(scope) && !s.path().equals("/hsm"))
                .map(Place::of)
                .toList();
        List<RoleAssignment> all;
        try {
            all = desk.assignments(call, scope);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Forbidden)) {
                throw e;
            }
            return new AccessPage(
                    place,
                    above,
                    desk.elsewhere(visitor),
                    List.of(),
                    0,
                    Optional.of(e.error().info().message()),
                    Optional.empty(),
                    typed.problems());
        }
        boolean takes = desk.may(visitor, removing(scope), scope);
        List<RoleAssignment> shown = all.subList(0, Math.min(SHOWN, all.size()));
        List<AccessPage.Row> rows = desk.review().named(call, shown).stream()
                .map(l -> row(l, scope, takes))
                .toList();
        return new AccessPage(
                place,
                above,
                desk.elsewhere(visitor),
                rows,
                all.size() - rows.size(),
                Optional.empty(),
                form(visitor, scope, typed),
                typed.problems());
    }

    private Optional<AccessPage.Form> form(Visitor visitor, Scope scope, Typed typed) {
        if (!desk.may(visitor, giving(scope), scope)) {
            return Optional.empty();
        }
        Role.Kind kind = scope.isHsm() ? Role.Kind.MANAGED_HSM : Role.Kind.AZURE;
        return Optional.of(new AccessPage.Form(
                Roles.all(kind),
                desk.review().suggestions(visitor.call(), scope),
                typed.who(),
                typed.role(),
                typed.why()));
    }

    private static AccessPage.Row row(Listed listed, Scope scope, boolean takes) {
        RoleAssignment a = listed.assignment();
        boolean here = a.scope().equals(scope);
        boolean below = !here && scope.covers(a.scope());
        Place where = Place.of(a.scope());
        String id = a.principal().toString();
        return new AccessPage.Row(
                id,
                listed.holder(),
                listed.told(),
                Links.mayWhat(id, Place.of(scope).path()),
                listed.role().map(Role::name).orElse("a role that is not known here"),
                listed.role().map(Role::description).orElse(""),
                here ? Optional.empty() : Optional.of(where),
                below,
                where.path(),
                a.name().toString(),
                a.createdAt(),
                a.createdBy(),
                here && takes);
    }

    private Response give(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        Scope scope = Place.parse(form.getOrDefault("scope", ""));
        desk.requireGrant(visitor.call(), scope);
        String who = form.getOrDefault("who", "").strip();
        String roleId = form.getOrDefault("role", "");
        String why = form.getOrDefault("why", "").strip();
        List<String> problems = new ArrayList<>();
        if (who.isEmpty()) {
            problems.add("Say who gets the role: a person, a group, a program, or an object id.");
        }
        Optional<UUID> role = Guid.parse(roleId).filter(id -> Roles.find(id).isPresent());
        if (role.isEmpty()) {
            problems.add("Choose a role.");
        }
        if (problems.isEmpty()) {
            try {
                Grant grant = new Grant(
                        UUID.randomUUID(),
                        scope,
                        role.orElseThrow(),
                        desk.review().who(visitor.call(), who, scope).id(),
                        Optional.of(why).filter(w -> !w.isEmpty()));
                desk.grant(visitor.call(), grant);
                return Html.to(Links.access(Place.of(scope).path()));
            } catch (DomainException e) {
                if (e.error() instanceof DomainError.Forbidden) {
                    throw e;
                }
                problems.add(e.error().info().message());
                e.error().info().details().stream().map(ErrorInfo::message).forEach(problems::add);
                return show(visitor, ErrorStatus.of(e.error()), scope, new Typed(who, roleId, why, problems));
            }
        }
        return show(visitor, 400, scope, new Typed(who, roleId, why, problems));
    }

    private Response take(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        Scope scope = Place.parse(form.getOrDefault("scope", ""));
        desk.revoke(visitor.call(), scope, form.getOrDefault("name", ""));
        return Html.to(Links.access(Place.of(scope).path()));
    }

    private static Action giving(Scope scope) {
        return scope.isHsm() ? Action.HSM_ROLE_ASSIGNMENT_WRITE : Action.ROLE_ASSIGNMENT_WRITE;
    }

    private static Action removing(Scope scope) {
        return scope.isHsm() ? Action.HSM_ROLE_ASSIGNMENT_DELETE : Action.ROLE_ASSIGNMENT_DELETE;
    }
}

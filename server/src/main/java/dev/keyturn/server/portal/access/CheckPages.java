package dev.keyturn.server.portal.access;

import dev.keyturn.core.access.AccessReview.Answer;
import dev.keyturn.core.access.AccessReview.Held;
import dev.keyturn.core.access.AccessReview.Verdict;
import dev.keyturn.core.access.Holder;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Place;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** "What may somebody do here, and why": everybody about themselves, and who may read role assignments about others. */
public final class CheckPages {
    private final AccessDesk desk;

    public CheckPages(AccessDesk desk) {
        this.desk = desk;
    }

    public void addTo(Routes routes) {
        desk.entry().page(routes, Links.ACCESS + "/check", this::show);
    }

    private Response show(Visitor visitor) {
        Scope subscription = desk.whole();
        String who = visitor.request().query("who").map(String::strip).orElse("");
        String typed = visitor.request().query("scope").map(String::strip).orElse("");
        int status = 200;
        Scope at = subscription;
        Optional<CheckPage.Answer> answer = Optional.empty();
        List<String> problems = List.of();
        try {
            at = typed.isEmpty() ? subscription : Place.parse(typed);
            if (!who.isEmpty()) {
                answer = Optional.of(answer(visitor, who, at));
            }
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Invalid)) {
                throw e;
            }
            status = 400;
            problems = List.of(e.error().info().message());
        }
        Scope where = at;
        List<Holder> some = desk.reads(visitor, where) ? desk.review().suggestions(visitor.call(), where) : List.of();
        CheckPage page = new CheckPage(
                who, typed.isEmpty() ? Place.of(at).path() : typed, some, desk.elsewhere(visitor), answer, problems);
        return desk.entry()
                .html()
                .page(
                        status,
                        "access-check",
                        desk.entry()
                                .frame(visitor, "What may somebody do", Links.ACCESS, Optional.empty())
                                .with(AccessSteps.check(
                                        visitor.request(),
                                        where,
                                        answer.map(a -> a.who().id().toString())))
                                .alone(AccessSteps.INSIDE),
                        page);
    }

    private CheckPage.Answer answer(Visitor visitor, String who, Scope at) {
        Answer found = desk.review().review(visitor.call(), who, at);
        Optional<CheckPage.Everywhere> everywhere =
                desk.everything(visitor, found.who().id());
        Map<String, List<CheckPage.Line>> sections = found.verdicts().stream()
                .collect(Collectors.groupingBy(
                        v -> thing(v.action().azure()),
                        LinkedHashMap::new,
                        Collectors.mapping(CheckPages::line, Collectors.toList())));
        return new CheckPage.Answer(
                found.who(),
                Place.of(at),
                found.held().stream().map(CheckPages::role).toList(),
                everywhere,
                sections.entrySet().stream()
                        .map(e -> new CheckPage.Section(
                                e.getKey(),
                                e.getValue(),
                                e.getValue().stream()
                                        .filter(CheckPage.Line::allowed)
                                        .count()))
                        .toList(),
                found.verdicts().stream().filter(Verdict::allowed).count(),
                found.verdicts().size(),
                found.policies());
    }

    static CheckPage.Role role(Held held) {
        return new CheckPage.Role(
                held.role().name(),
                held.role().description(),
                Place.of(held.assignment().scope()),
                held.through().map(g -> g.name().text()));
    }

    private static CheckPage.Line line(Verdict verdict) {
        String why = verdict.because()
                .map(h -> h.role().name() + " at "
                        + Place.of(h.assignment().scope()).name()
                        + h.through()
                                .map(g -> ", as a member of the group " + g.name())
                                .orElse(""))
                .orElse(verdict.byPolicy() ? "an access policy of the vault" : "");
        return new CheckPage.Line(verdict.action().azure(), verdict.allowed(), why);
    }

    /** What an action is about: all of its name but the last words. */
    private static String thing(String action) {
        String[] parts = action.split("/", 3);
        return parts[0] + "/" + parts[1];
    }
}

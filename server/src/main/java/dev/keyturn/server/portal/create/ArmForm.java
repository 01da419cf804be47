package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.NameRules;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all forms have in common that make a resource of a group: they send a PUT, on condition that there is none of the
 * name yet, to the routes that answer clients.
 */
abstract class ArmForm implements Form {
    static final String GROUP = "group";
    static final String NAME = "name";
    static final String LOCATION = "location";

    final CreateDesk desk;

    ArmForm(CreateDesk desk) {
        this.desk = desk;
    }

    /** The type of the resource. */
    abstract String type();

    abstract Action action();

    abstract String apiVersion();

    abstract ObjectNode body(Visitor visitor, Typed typed);

    /** The address to go on to, once it is made or being made. */
    abstract String next(Visitor visitor, Typed typed, ArmId made);

    /** The fields that parts of the body come from, by the beginnings of their paths; the longest that fits counts. */
    abstract Map<String, String> sources();

    ArmId id(Typed typed) {
        return new ArmId(desk.subscription().id(), typed.text(GROUP), type(), typed.text(NAME));
    }

    @Override
    public void require(Visitor visitor, Typed typed) {
        Optional<String> group = Optional.of(typed.text(GROUP)).filter(ArmForm::isSegment);
        desk.services()
                .doors()
                .require(visitor.call(), action(), Scope.of(desk.subscription().id(), group));
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        List<ErrorInfo> wrong = new ArrayList<>();
        if (!isSegment(typed.text(GROUP))) {
            wrong.add(DomainError.field(GROUP, "Choose the resource group that it is to be in."));
        }
        String name = typed.text(NAME);
        if (!isSegment(name)) {
            wrong.add(DomainError.field(NAME, name.isEmpty() ? "A name is required." : "A name has no slash in it."));
        } else if (!ownNames()) {
            NameRules.broken(type(), name)
                    .ifPresent(rule -> wrong.add(DomainError.field(NAME, "A name must be " + rule + ".")));
        }
        return wrong;
    }

    /** Whether the service has a rule of its own for names of this type. */
    boolean ownNames() {
        return false;
    }

    /** Whether it is said where it goes. */
    boolean isPlaced(Typed typed) {
        return isSegment(typed.text(GROUP));
    }

    /** What is one segment of a path, whatever else it is. */
    static boolean isSegment(String text) {
        return !text.isEmpty() && text.length() <= 200 && text.chars().noneMatch(c -> c == '/' || c < ' ');
    }

    @Override
    public void rehearse(Visitor visitor, Typed typed, Call call) {
        if (!isPlaced(typed)) {
            return; // that is told already, and nothing can be tried nowhere
        }
        send(visitor, typed, call);
    }

    @Override
    public String make(Visitor visitor, Typed typed) {
        int status = send(visitor, typed, visitor.call()).status();
        if (status >= 300) {
            throw new IllegalStateException("a PUT that was not refused was answered with " + status);
        }
        return next(visitor, typed, id(typed));
    }

    @Override
    public Optional<Step> step(Visitor visitor, Typed typed) {
        boolean said = isPlaced(typed) && isSegment(typed.text(NAME));
        return said
                ? Optional.of(Step.of(visitor.request(), about().button(), "PUT", id(typed), "", apiVersion())
                        .sending(Json.text(body(visitor, typed))))
                : Optional.empty();
    }

    private Response send(Visitor visitor, Typed typed, Call call) {
        return desk.client()
                .send(
                        visitor,
                        call,
                        "PUT",
                        id(typed).toString(),
                        apiVersion(),
                        Map.of("if-none-match", "*"),
                        body(visitor, typed));
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        String target = error.target().orElse("");
        if (error.code().equals("ResourceGroupNotFound") || target.equals("resourceGroupName")) {
            return Optional.of(GROUP);
        }
        if (error.code().equals("PreconditionFailed")
                || target.equals(NAME)
                || target.equalsIgnoreCase(typed.text(NAME))) {
            return Optional.of(NAME);
        }
        if (target.equals(GROUP) || target.equals(LOCATION)) {
            return Optional.of(target);
        }
        return sources().entrySet().stream()
                .filter(e -> target.startsWith(e.getKey()))
                .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
                .map(Map.Entry::getValue);
    }

    /** A whole number where it is one; what else was typed is for the reader of the body to refuse. */
    static void number(ObjectNode in, String name, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (text.matches("-?[0-9]{1,9}")) {
            in.put(name, Integer.parseInt(text));
        } else {
            in.put(name, text);
        }
    }

    static void text(ObjectNode in, String name, String text) {
        if (!text.isEmpty()) {
            in.put(name, text);
        }
    }
}

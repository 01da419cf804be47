package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.NameRules;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A resource group, for a form that needs one: it leads back there. */
final class GroupForm extends ArmForm {
    static final String ADDRESS = Links.CREATE + "group";

    /** Where the form leads back to. */
    static final String THEN = "then";

    GroupForm(CreateDesk desk) {
        super(desk);
    }

    @Override
    public About about() {
        return new About(
                ADDRESS,
                "New resource group",
                "Create the group",
                "/portal",
                "Overview",
                List.of(
                        "A resource group holds what belongs together. Roles that are given at it hold for all in it."));
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        return List.of(
                Field.text(NAME, "Name", typed.text(NAME), ""),
                Field.text(LOCATION, "Region", typed.text(LOCATION, "local"), "Where what is known of it is kept.")
                        .suggesting(desk.region(visitor, typed).options()),
                new Field(THEN, "", "hidden", typed.text(THEN), List.of(), "", false, List.of()));
    }

    @Override
    String type() {
        return ArmId.GROUP_TYPE;
    }

    @Override
    Action action() {
        return Action.GROUP_WRITE;
    }

    @Override
    String apiVersion() {
        return "2022-09-01";
    }

    @Override
    ArmId id(Typed typed) {
        return ArmId.group(desk.subscription().id(), typed.text(NAME));
    }

    @Override
    boolean isPlaced(Typed typed) {
        return isSegment(typed.text(NAME));
    }

    @Override
    public void require(Visitor visitor, Typed typed) {
        super.require(visitor, typed.with(GROUP, typed.text(NAME)));
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        return NameRules.broken(ArmId.GROUP_TYPE, typed.text(NAME))
                .map(rule -> List.of(DomainError.field(NAME, "A name must be " + rule + ".")))
                .orElse(List.of());
    }

    @Override
    ObjectNode body(Visitor visitor, Typed typed) {
        ObjectNode body = Json.object();
        text(body, LOCATION, typed.text(LOCATION));
        return body;
    }

    @Override
    String next(Visitor visitor, Typed typed, ArmId made) {
        String then = Entry.within(Optional.of(typed.text(THEN)).filter(t -> !t.isEmpty()));
        return then.contains("?")
                ? then + "&group=" + Links.part(made.name())
                : then + "?group=" + Links.part(made.name());
    }

    @Override
    Map<String, String> sources() {
        return Map.of("resourceGroupName", NAME);
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        return super.field(error, typed).map(f -> f.equals(GROUP) ? NAME : f);
    }
}

package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.RotationPolicy;
import dev.keyturn.core.key.RotationPolicy.Action;
import dev.keyturn.core.key.RotationPolicy.LifetimeAction;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** A rotation policy on the wire. */
public record RotationPolicyBody(List<LifetimeAction> actions, Optional<Period> expiryTime) {
    static final Shape SHAPE = Shape.data()
            .text("lifetimeActions[].action.type")
            .text("lifetimeActions[].trigger.timeAfterCreate", "lifetimeActions[].trigger.timeBeforeExpiry")
            .text("attributes.expiryTime")
            .any("id", "attributes.created", "attributes.updated")
            .decisive("expiryTime", "lifetimeActions", "trigger", "timeAfterCreate", "timeBeforeExpiry")
            .build();
    private static final Pattern PERIOD = Pattern.compile("P(?=\\d)(\\d{1,4}Y)?(\\d{1,4}M)?(\\d{1,4}W)?(\\d{1,5}D)?");

    /** @throws dev.keyturn.json.BadBodyException with everything that is wrong */
    public static RotationPolicyBody of(ObjectNode json) {
        Fields body = Fields.of(json, SHAPE);
        List<LifetimeAction> actions = new ArrayList<>();
        for (Fields action : body.objects("lifetimeActions")) {
            action(action).ifPresent(actions::add);
        }
        Optional<Period> expiry = period(body, "attributes.expiryTime");
        body.done();
        return new RotationPolicyBody(actions, expiry);
    }

    private static Optional<LifetimeAction> action(Fields action) {
        String name = action.requiredText("action.type");
        Optional<Action> type = Action.named(name);
        if (!name.isBlank() && type.isEmpty()) {
            action.problem("action.type", "'action.type' must be Rotate or Notify, not '" + Text.clip(name) + "'.");
        }
        Optional<Period> after = period(action, "trigger.timeAfterCreate");
        Optional<Period> before = period(action, "trigger.timeBeforeExpiry");
        boolean one = action.has("trigger.timeAfterCreate") != action.has("trigger.timeBeforeExpiry");
        if (!one) {
            action.problem("trigger", "A trigger has either timeAfterCreate or timeBeforeExpiry, and not both.");
        }
        return type.filter(_ -> one && after.isPresent() != before.isPresent())
                .map(t -> new LifetimeAction(t, after, before));
    }

    private static Optional<Period> period(Fields fields, String name) {
        return fields.text(name).flatMap(text -> {
            String upper = text.strip().toUpperCase(Locale.ROOT);
            try {
                Optional<Period> period = PERIOD.matcher(upper).matches()
                        ? Optional.of(Period.parse(upper))
                                .filter(p -> PERIOD.matcher(p.toString()).matches())
                        : Optional.empty(); // weeks become days, and what is shown must be taken again
                if (period.isPresent()) {
                    return period;
                }
            } catch (DateTimeParseException e) {
                // Reported below, as any other text that is no period.
            }
            fields.problem(
                    name, "'" + name + "' must be an ISO 8601 duration in years, months, weeks or days, as P90D.");
            return Optional.empty();
        });
    }

    static ObjectNode render(String id, RotationPolicy policy) {
        ObjectNode out = Json.object().put("id", id);
        var actions = out.putArray("lifetimeActions");
        for (LifetimeAction action : policy.actions()) {
            ObjectNode one = actions.addObject();
            ObjectNode trigger = one.putObject("trigger");
            action.afterCreate().ifPresent(p -> trigger.put("timeAfterCreate", p.toString()));
            action.beforeExpiry().ifPresent(p -> trigger.put("timeBeforeExpiry", p.toString()));
            one.putObject("action").put("type", action.action().wire());
        }
        ObjectNode attributes = out.putObject("attributes");
        policy.expiryTime().ifPresent(p -> attributes.put("expiryTime", p.toString()));
        attributes
                .put("created", policy.created().getEpochSecond())
                .put("updated", policy.updated().getEpochSecond());
        return out;
    }
}

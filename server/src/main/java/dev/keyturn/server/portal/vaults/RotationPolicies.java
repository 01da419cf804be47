package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.key.RotationPolicy;
import dev.keyturn.core.key.RotationPolicy.LifetimeAction;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.keyvault.RotationPolicyBody;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The rotation policy of a key as a form, which is read and checked as the body of the API is. */
final class RotationPolicies {
    private final VaultDesk desk;

    RotationPolicies(VaultDesk desk) {
        this.desk = desk;
    }

    /** Empty where the person may not see it. */
    Optional<VaultKeyPage.Policy> of(Visitor visitor, Vault vault, String key) {
        if (!desk.may(visitor, vault, KeyPermission.GET_ROTATION_POLICY, Optional.of(key))) {
            return Optional.empty();
        }
        RotationPolicy policy = desk.services().keys().rotation().policy(visitor.call(), vault, key);
        Optional<LifetimeAction> rotate = action(policy, RotationPolicy.Action.ROTATE);
        Optional<LifetimeAction> notify = action(policy, RotationPolicy.Action.NOTIFY);
        String life = policy.expiryTime().map(Period::toString).orElse("");
        return Optional.of(new VaultKeyPage.Policy(
                when(rotate),
                period(rotate),
                when(notify),
                period(notify),
                life,
                words(when(rotate), period(rotate), life),
                mayWrite(visitor, vault, key),
                List.of()));
    }

    private static String when(Optional<LifetimeAction> action) {
        return action.map(a -> a.afterCreate().isPresent() ? "after" : "before").orElse("never");
    }

    private static String period(Optional<LifetimeAction> action) {
        return action.flatMap(a -> a.afterCreate().or(a::beforeExpiry))
                .map(Period::toString)
                .orElse("");
    }

    private static Optional<LifetimeAction> action(RotationPolicy policy, RotationPolicy.Action action) {
        return policy.actions().stream().filter(a -> a.action() == action).findFirst();
    }

    private boolean mayWrite(Visitor visitor, Vault vault, String key) {
        return desk.may(visitor, vault, KeyPermission.SET_ROTATION_POLICY, Optional.of(key));
    }

    private static String words(String when, String period, String life) {
        String made = switch (when) {
            case "after" -> "A new version is made " + period + " after the newest one was made.";
            case "before" -> "A new version is made " + period + " before the newest one expires.";
            default -> "No version is made by itself.";
        };
        return made + (life.isEmpty() ? "" : " Each new version lives for " + life + ".")
                + " A confidential disk encryption set never follows by itself: its key is changed by somebody.";
    }

    /** Saves what was typed; what it was, with what is wrong with it, where it was not saved. */
    Optional<VaultKeyPage.Policy> save(Visitor visitor, Vault vault, String key) {
        desk.require(visitor, vault, KeyPermission.SET_ROTATION_POLICY, key);
        Map<String, String> form = visitor.request().form();
        try {
            RotationPolicyBody body = RotationPolicyBody.of(body(form));
            RotationPolicy saved = desk.services()
                    .keys()
                    .rotation()
                    .setPolicy(visitor.call(), vault, key, body.actions(), body.expiryTime());
            if (saved.actions().size() != body.actions().size()) {
                throw new IllegalStateException("saved otherwise than it was given");
            }
            return Optional.empty();
        } catch (BadBodyException e) {
            return Optional.of(typed(form, ErrorStatus.of(e)));
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Invalid)) {
                throw e;
            }
            return Optional.of(typed(form, e.error()));
        }
    }

    private static ObjectNode body(Map<String, String> form) {
        ObjectNode body = Json.object();
        ArrayNode actions = body.putArray("lifetimeActions");
        action(actions, "Rotate", text(form, "rotate"), text(form, "period"));
        action(actions, "Notify", text(form, "notify"), text(form, "notifyperiod"));
        if (!text(form, "life").isEmpty()) {
            body.putObject("attributes").put("expiryTime", text(form, "life"));
        }
        return body;
    }

    private static void action(ArrayNode actions, String type, String when, String period) {
        if (!when.equals("after") && !when.equals("before")) {
            return;
        }
        ObjectNode action = actions.addObject();
        action.putObject("action").put("type", type);
        action.putObject("trigger").put(when.equals("after") ? "timeAfterCreate" : "timeBeforeExpiry", period);
    }

    private static String text(Map<String, String> form, String field) {
        return form.getOrDefault(field, "").strip();
    }

    private static VaultKeyPage.Policy typed(Map<String, String> form, DomainError error) {
        List<String> problems = error.info().details().isEmpty()
                ? List.of(error.info().message())
                : error.info().details().stream().map(ErrorInfo::message).toList();
        return new VaultKeyPage.Policy(
                text(form, "rotate"),
                text(form, "period"),
                text(form, "notify"),
                text(form, "notifyperiod"),
                text(form, "life"),
                "Nothing was saved.",
                true,
                problems);
    }
}

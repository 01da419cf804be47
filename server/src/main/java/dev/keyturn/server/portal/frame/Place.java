package dev.keyturn.server.portal.frame;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import java.util.Optional;

/** A scope as people read it. {@code name} says what it is; {@code path} is what an address and a form have of it. */
public record Place(String name, String path, String href) {
    public static Place of(Scope scope) {
        String path = scope.id().map(ArmId::toString).orElse(scope.path());
        return new Place(name(scope), path, Links.access(path));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} for a text that is no scope */
    public static Scope parse(String text) {
        try {
            return new Scope(text.strip());
        } catch (IllegalArgumentException e) {
            throw DomainError.invalid(
                            "scope",
                            "'" + text + "' is no scope. Give the id of a subscription, a resource group or a resource"
                                    + " (/subscriptions/...), or /hsm/NAME for what is inside of a managed HSM.")
                    .asException();
        }
    }

    private static String name(Scope scope) {
        Optional<String> hsm = scope.hsmName();
        if (hsm.isPresent()) {
            String inside = scope.path().substring(("/hsm/" + hsm.get()).length());
            return inside.isEmpty()
                    ? "inside managed HSM " + hsm.get()
                    : inside.equals("/keys")
                            ? "all keys of managed HSM " + hsm.get()
                            : "key " + inside.substring("/keys/".length()) + " of managed HSM " + hsm.get();
        }
        if (scope.id().isEmpty()) {
            return "all managed HSMs";
        }
        ArmId id = scope.id().get();
        if (id.equals(ArmId.TENANT)) {
            return "the tenant";
        }
        if (id.hasType(ArmId.SUBSCRIPTION_TYPE)) {
            return "the subscription";
        }
        return id.isGroup() ? "resource group " + id.name() : Noun.of(id) + " " + id.name();
    }
}

package dev.keyturn.core.vault;

import java.time.Instant;
import java.util.Optional;

/** The attributes that a client set; what is absent stays as it is, or as it is by default. Whole seconds. */
public record AttributeChanges(
        Optional<Boolean> enabled,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        Optional<Boolean> exportable) {
    public static final AttributeChanges NONE =
            new AttributeChanges(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    KeyAttributes create(Instant now) {
        return checked(new KeyAttributes(enabled.orElse(true), notBefore, expires, exportable.orElse(false), now, now));
    }

    KeyAttributes applyTo(KeyAttributes old, Instant now) {
        if (exportable.isPresent() && exportable.get() != old.exportable()) {
            throw KeyRefusals.badParameter(
                    "attributes.exportable", "Property exportable cannot be changed after the key was created.");
        }
        return checked(new KeyAttributes(
                enabled.orElse(old.enabled()),
                notBefore.or(old::notBefore),
                expires.or(old::expires),
                old.exportable(),
                old.created(),
                now));
    }

    private static KeyAttributes checked(KeyAttributes a) {
        if (a.notBefore().isPresent()
                && a.expires().isPresent()
                && !a.notBefore().get().isBefore(a.expires().get())) {
            throw KeyRefusals.badParameter("attributes.exp", "Property exp must be later than nbf.");
        }
        return a;
    }
}

package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyRefusals;
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

    /** {@code latest}: of the version that this one follows; whether a key is exportable holds for all its versions. */
    KeyAttributes create(Instant now, Optional<KeyAttributes> latest) {
        boolean wanted = exportable.orElse(latest.map(KeyAttributes::exportable).orElse(false));
        latest.ifPresent(l -> requireSame(wanted, l));
        return checked(new KeyAttributes(enabled.orElse(true), notBefore, expires, wanted, now, now));
    }

    KeyAttributes applyTo(KeyAttributes old, Instant now) {
        if (exportable.isPresent() && exportable.get() != old.exportable()) {
            throw KeyRefusals.badParameter(
                    "attributes.exportable",
                    "AKV.SKR.1014: Cannot modify the exportable state of a key; it is " + old.exportable() + ".");
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

    static void requireSame(boolean exportable, KeyAttributes old) {
        if (exportable != old.exportable()) {
            throw KeyRefusals.badParameter(
                    "attributes.exportable",
                    "AKV.SKR.1003: The exportable attribute of an existing key cannot be changed; it is "
                            + old.exportable() + ".");
        }
    }
}

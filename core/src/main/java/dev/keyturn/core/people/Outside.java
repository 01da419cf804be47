package dev.keyturn.core.people;

import dev.keyturn.core.model.DomainError;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a provider outside of Keyturn signs people in, and of which groups it says who is in them. While it does, people
 * have no other way in but a one-time link that was made on the server (docs/portal.md). Immutable.
 *
 * @param issuer of the provider; empty where people sign in here
 */
public record Outside(Optional<String> issuer, Set<GroupName> groups) {
    /** People sign in here. */
    public static final Outside NONE = new Outside(Optional.empty(), Set.of());

    public Outside {
        groups = Set.copyOf(groups);
    }

    public boolean signsIn() {
        return issuer.isPresent();
    }

    /** Whether the provider says who is in this group. */
    public boolean maps(PersonGroup group) {
        return groups.contains(group.name());
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Conflict} where a provider signs people in */
    void requireNone() {
        if (issuer.isPresent()) {
            throw DomainError.notAllowed("Passwords, passkeys and invitations are closed here: people sign in at "
                            + issuer.get() + ". Sign in there.")
                    .asException();
        }
    }
}

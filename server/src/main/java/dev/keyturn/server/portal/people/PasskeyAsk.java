package dev.keyturn.server.portal.people;

import dev.keyturn.core.people.PasskeySignIn.Wanted;

/**
 * What a browser is told to ask an authenticator for.
 *
 * @param step {@code alone}, or {@code second} after a password
 * @param go the path to go on to
 * @param here whether this address of the server is the one that passkeys are bound to
 */
public record PasskeyAsk(String step, Wanted wanted, String go, boolean here) {
    /** As an attribute of the form has it. */
    public String credentials() {
        return String.join(" ", wanted.credentials());
    }
}

package dev.keyturn.server.portal.people;

import dev.keyturn.core.people.Passkeys.Making;
import dev.keyturn.core.people.Passkeys.Mine;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.Session;
import java.util.List;

/**
 * Who is signed in, where, and with what.
 *
 * @param thisOne the id of the session at hand
 * @param making what a browser is told, to make another passkey
 * @param here whether this address of the server is the one that passkeys are bound to
 * @param outside whether a provider outside signs people in, so that there is nothing of it to change here
 * @param name of the passkey that was to be added
 */
public record MePage(
        Person person,
        List<Session> sessions,
        String thisOne,
        Mine mine,
        Making making,
        boolean here,
        boolean outside,
        String name,
        List<String> problems) {
    /** As an attribute of the form has it. */
    public String present() {
        return String.join(" ", making.present());
    }

    public static String how(Session session) {
        return switch (session.how()) {
            case PASSWORD -> "password";
            case LINK -> "one-time link";
            case PASSKEY -> "passkey";
            case PROVIDER, PROVIDER_NOW -> "provider";
        };
    }
}

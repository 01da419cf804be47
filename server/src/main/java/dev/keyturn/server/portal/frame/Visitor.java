package dev.keyturn.server.portal.frame;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.server.http.Request;
import java.util.Optional;

/**
 * Somebody who is signed in, with the request at hand.
 *
 * @param seen the moment before anything was looked up for the answer, as {@link Pulse} counts them
 */
public record Visitor(SignedIn signedIn, String token, Request request, String seen) {
    public Person person() {
        return signedIn.person();
    }

    /** How services are asked: as the person, through the portal. */
    public Call call() {
        return new Call(person().caller(), request.id(), Optional.empty(), Call.Door.PORTAL);
    }

    public String csrf() {
        return Csrf.token(token);
    }
}

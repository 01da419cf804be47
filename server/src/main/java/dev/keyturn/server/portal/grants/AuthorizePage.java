package dev.keyturn.server.portal.grants;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A program that opened this browser asks to act as the person.
 *
 * @param client what it says it is
 * @param name of the person, to sign in with
 * @param hint another name that the program expected
 * @param back where the answer goes
 * @param asked what came with the browser, for the form to bring back
 * @param until how long it stays signed in at most
 * @param problem why it cannot be allowed
 * @param again the person has to sign in once more first
 */
public record AuthorizePage(
        String client,
        String name,
        Optional<String> hint,
        String back,
        Map<String, String> asked,
        Instant until,
        Optional<String> problem,
        boolean again) {
    /** Of the steps that a person does in between. */
    static final String ALONE =
            "No az command and no REST call does this: the program makes its calls by itself, and this"
                    + " step between them is a person's.";
}

package dev.keyturn.server.portal.grants;

import dev.keyturn.core.oauth.DeviceCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A code is typed, then what waits with it is shown and allowed or refused, then what came of it.
 *
 * @param code as it was typed
 * @param waiting who waits with it; empty while the code is asked for, and at the end
 * @param again whether the person has to sign in again before it can be allowed
 * @param until how long the client stays signed in at most
 * @param done what came of it
 */
public record DevicePage(
        String code,
        Optional<DeviceCode> waiting,
        boolean again,
        Instant until,
        Optional<Done> done,
        List<String> problems) {
    /** What came of it, of the client of this name. */
    public record Done(boolean allowed, String client) {}

    /** Where the person signs in again, and comes back with the code. */
    public String signInAgain() {
        return DevicePages.signInAgain(code);
    }
}

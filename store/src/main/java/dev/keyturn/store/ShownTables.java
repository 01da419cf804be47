package dev.keyturn.store;

import java.util.Set;

/** Which tables hold what somebody looks at, and not what is only kept beside it. */
public final class ShownTables {
    /**
     * Those of which a change alone changes nothing that is shown and looked at again by itself. One that anybody can write
     * who is not signed in must be here: else everybody's pages would be fetched again whenever that one likes.
     */
    static final Set<String> UNSEEN = Set.of(
            "audit",
            "audit_checkpoint",
            "authorization_code",
            "client_sign_in",
            "counter",
            "device_code",
            "node",
            "host",
            "operation_try",
            "passkey_challenge",
            "person_link",
            "person_session",
            "setting",
            "signing_key");

    private ShownTables() {}

    /** Whether one of these, in lower case, is shown. */
    public static boolean any(Set<String> tables) {
        return !UNSEEN.containsAll(tables);
    }
}

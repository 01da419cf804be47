package dev.keyturn.core.oauth;

import java.util.Arrays;
import java.util.Set;

/**
 * What a client asks a person for.
 *
 * @param audience for whom its first access token is; it can have one for every other audience as well
 * @param scope as it was sent, so that a client that compares finds it again; empty for a client that sent none (v1)
 */
public record Asked(PublicClient client, String audience, String scope) {
    /** Longest scope and audience, in characters. */
    public static final int LONGEST = 1000;

    /** The scopes of OpenID Connect: about the person, and none of a resource's. */
    public static final Set<String> OPENID = Set.of("openid", "profile", "email", "offline_access");

    public Asked {
        if (scope.length() > LONGEST || audience.length() > LONGEST) {
            throw new IllegalArgumentException("a scope is too long");
        }
    }

    /** Whether it wants to know who the person is. */
    public boolean wantsId() {
        return wants("openid");
    }

    /** Whether it wants to stay signed in. */
    public boolean wantsRefresh() {
        return wants("offline_access");
    }

    private boolean wants(String what) {
        return scope.isEmpty() || Arrays.asList(scope.split(" ")).contains(what);
    }
}

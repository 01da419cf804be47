package dev.keyturn.server.identity;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.server.http.Request;
import java.util.function.Predicate;

/** Says who makes a request: reads its bearer token and checks it really. Thread-safe. */
public interface Authentication {
    /**
     * @param audience whether a token for this audience is meant for the surface that asks; it is given the token's
     *     {@code aud} without a trailing slash, in lower case. A vault's token is worth nothing at ARM and the reverse.
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} where there is no token, or it is not
     *     signed by this server, not for this audience, not from this issuer, not yet or no longer valid, or its
     *     principal is gone. The code is one of {@value #MISSING}, {@value #EXPIRED}, {@value #INVALID}. And as {@link
     *     dev.keyturn.server.http.Arrival#admit} says, where the caller has too many requests under way.
     */
    Caller authenticate(Request request, Predicate<String> audience);

    /**
     * As {@link #authenticate}, and how the caller asks: the request's id is the call's correlation, and {@code
     * x-ms-client-request-id} the client's own id of it.
     */
    default Call call(Request request, Predicate<String> audience, Call.Door door) {
        return new Call(authenticate(request, audience), request.id(), request.header("x-ms-client-request-id"), door);
    }

    /** No Authorization header with a bearer token. */
    String MISSING = "AuthenticationFailed";

    String EXPIRED = "ExpiredAuthenticationToken";

    String INVALID = "InvalidAuthenticationToken";
}

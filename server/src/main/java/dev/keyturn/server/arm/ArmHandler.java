package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Call;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;

/**
 * Answers one ARM request whose caller is known, and that gave an api-version. May throw {@code
 * DomainException} and {@code BadBodyException}.
 */
@FunctionalInterface
public interface ArmHandler {
    Response handle(Call call, Request request);
}

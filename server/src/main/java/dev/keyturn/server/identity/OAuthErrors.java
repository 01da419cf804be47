package dev.keyturn.server.identity;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Refusals of the OAuth endpoints (RFC 6749, 5.2), with the codes and fields of Azure's. */
record OAuthErrors(Issuers issuers, Clock clock) {
    Response error(int status, String error, int code, String description) {
        String trace = UUID.randomUUID().toString();
        ObjectNode body = Json.object()
                .put("error", error)
                .put("error_description", described(code, description) + " Trace ID: " + trace);
        body.putArray("error_codes").add(code);
        return Response.json(
                status,
                body.put("timestamp", clock.instant().toString())
                        .put("trace_id", trace)
                        .put("correlation_id", trace));
    }

    /** How long to wait. */
    Response tooMany(Duration wait, String why) {
        return error(429, "temporarily_unavailable", 90055, why)
                .with("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
    }

    /** A client that people cannot sign in with. */
    Response noSuchClient(String id) {
        return error(
                400,
                "unauthorized_client",
                700016,
                "Application with identifier '" + shortened(id) + "' was not found in the directory '"
                        + issuers.tenant() + "': people sign in with the client ids of Azure CLI and of Azure's SDKs.");
    }

    /** A body that could not be read, in these endpoints' words. */
    Response unread(DomainError error) {
        boolean busy = error instanceof DomainError.Unavailable || error instanceof DomainError.Throttled;
        return ErrorStatus.withRetry(
                error(
                        ErrorStatus.of(error),
                        busy ? "temporarily_unavailable" : "invalid_request",
                        busy ? 90055 : 900144,
                        error.info().message()),
                error);
    }

    static String described(int code, String description) {
        return "AADSTS" + code + ": " + description;
    }

    Response noTenant(String authority) {
        return error(
                400,
                "invalid_request",
                90002,
                "Tenant '" + shortened(authority) + "' not found. This server's tenant is '" + issuers.tenant() + "'.");
    }

    static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) : text;
    }
}

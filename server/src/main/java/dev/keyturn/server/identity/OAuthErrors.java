package dev.keyturn.server.identity;

import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import java.time.Clock;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Refusals of the OAuth endpoints (RFC 6749, 5.2), with the codes and fields of Azure's. */
record OAuthErrors(Issuers issuers, Clock clock) {
    static final String NO_PERSON_ERROR = "unauthorized_client";
    static final int NO_PERSON_CODE = 7000014;
    static final String NO_PERSON = "Nobody signs in to this server as a person. Sign in as a service principal:"
            + " az login --service-principal -u CLIENT_ID -p CLIENT_SECRET -t TENANT_ID, with the values in client.env.";

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

    /** To whoever signs in as a person, by whatever grant. */
    Response noPerson() {
        return error(400, NO_PERSON_ERROR, NO_PERSON_CODE, NO_PERSON);
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

package dev.keyturn.server.arm;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import tools.jackson.databind.node.ObjectNode;

/** Refusals as Azure Resource Manager words them: {@code {"error":{code,message,target,details}}}. */
public final class ArmErrors {
    private ArmErrors() {}

    public static Response response(DomainError error) {
        Response response = Response.json(ErrorStatus.of(error), Json.object().set("error", body(error.info())));
        if (error instanceof DomainError.Unauthenticated) {
            response = response.with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }
        return ErrorStatus.withRetry(response, error);
    }

    /** One error as it stands in an error body and in the answer to a poll of a failed operation. */
    public static ObjectNode body(ErrorInfo info) {
        ObjectNode out = Json.object().put("code", info.code()).put("message", info.message());
        info.target().ifPresent(t -> out.put("target", t));
        if (!info.details().isEmpty()) {
            var details = out.putArray("details");
            info.details().forEach(d -> details.add(body(d)));
        }
        return out;
    }
}

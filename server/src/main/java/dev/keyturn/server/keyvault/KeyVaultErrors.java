package dev.keyturn.server.keyvault;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainError.Conflict;
import dev.keyturn.core.model.DomainError.Forbidden;
import dev.keyturn.core.model.DomainError.Invalid;
import dev.keyturn.core.model.DomainError.MethodNotAllowed;
import dev.keyturn.core.model.DomainError.NotFound;
import dev.keyturn.core.model.DomainError.PreconditionFailed;
import dev.keyturn.core.model.DomainError.Throttled;
import dev.keyturn.core.model.DomainError.TooLarge;
import dev.keyturn.core.model.DomainError.TooSlow;
import dev.keyturn.core.model.DomainError.Unauthenticated;
import dev.keyturn.core.model.DomainError.Unavailable;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.identity.Authentication;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Refusals as Key Vault words them: {@code {"error":{code,message,innererror?}}}. */
final class KeyVaultErrors {
    private static final Set<String> PLAIN = Set.of("InvalidParameter", "InvalidRequestContent");

    private KeyVaultErrors() {}

    static Response response(DomainError error) {
        ErrorInfo info = error.info();
        ObjectNode body = Json.object().put("code", code(error)).put("message", message(error));
        boolean inner = error instanceof Forbidden || error instanceof Conflict;
        if (inner && info.details().size() == 1) {
            body.putObject("innererror").put("code", info.details().getFirst().code());
        }
        Response response = Response.json(ErrorStatus.of(error), Json.object().set("error", body));
        return ErrorStatus.withRetry(response, error);
    }

    private static String code(DomainError error) {
        return switch (error) {
            case Invalid e ->
                PLAIN.contains(e.info().code()) ? "BadParameter" : e.info().code();
            case Unauthenticated _ -> "Unauthorized";
            case Forbidden _,
                    NotFound _,
                    MethodNotAllowed _,
                    Conflict _,
                    PreconditionFailed _,
                    TooSlow _,
                    TooLarge _,
                    Throttled _,
                    Unavailable _ -> error.info().code();
        };
    }

    private static String message(DomainError error) {
        if (error instanceof Unauthenticated u) {
            return u.info().code().equals(Authentication.MISSING)
                    ? "AKV10000: Request is missing a Bearer or PoP token."
                    : u.info().message();
        }
        return error.info().message();
    }
}

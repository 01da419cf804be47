package dev.keyturn.server.http;

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
import dev.keyturn.json.BadBodyException;
import java.time.Duration;
import java.util.List;

/** The one place that knows which HTTP status a refusal has. */
public final class ErrorStatus {
    private ErrorStatus() {}

    public static int of(DomainError error) {
        return switch (error) {
            case Invalid _ -> 400;
            case Unauthenticated _ -> 401;
            case Forbidden _ -> 403;
            case NotFound _ -> 404;
            case MethodNotAllowed _ -> 405;
            case TooSlow _ -> 408;
            case Conflict _ -> 409;
            case PreconditionFailed _ -> 412;
            case TooLarge _ -> 413;
            case Throttled _ -> 429;
            case Unavailable _ -> 503;
        };
    }

    /** A body that could not be read, as a refusal that names every wrong field. */
    public static DomainError of(BadBodyException e) {
        List<ErrorInfo> fields = e.problems().stream()
                .map(p -> p.path().isEmpty()
                        ? ErrorInfo.of("InvalidRequestContent", p.message())
                        : DomainError.field(p.path(), p.message()))
                .toList();
        return DomainError.invalid(fields);
    }

    /** Adds {@code Retry-After} where trying again may help. */
    public static Response withRetry(Response response, DomainError error) {
        return switch (error) {
            case Throttled t -> response.with("Retry-After", seconds(t.retryAfter()));
            case Conflict c ->
                c.retryAfter()
                        .map(t -> response.with("Retry-After", seconds(t)))
                        .orElse(response);
            case Unavailable _ -> response.with("Retry-After", "5");
            case Invalid _,
                    Unauthenticated _,
                    Forbidden _,
                    NotFound _,
                    MethodNotAllowed _,
                    PreconditionFailed _,
                    TooSlow _,
                    TooLarge _ -> response;
        };
    }

    private static String seconds(Duration delay) {
        return Long.toString(Math.max(1, delay.toSeconds()));
    }
}

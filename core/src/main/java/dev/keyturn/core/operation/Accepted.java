package dev.keyturn.core.operation;

import dev.keyturn.core.model.ErrorInfo;
import java.util.List;
import java.util.function.Function;

/**
 * What a request that changes a resource is answered with: the resource as it is now, the operation to poll (which may
 * have ended already), whether the request made the resource (201 rather than 200), and what the caller should be
 * warned of without being refused.
 */
public record Accepted<T>(T resource, Operation operation, boolean created, List<ErrorInfo> warnings) {
    public Accepted {
        warnings = List.copyOf(warnings);
    }

    public static <T> Accepted<T> of(T resource, Operation operation) {
        return new Accepted<>(resource, operation, false, List.of());
    }

    /** The same with the resource seen otherwise. */
    public <R> Accepted<R> map(Function<T, R> view) {
        return new Accepted<>(view.apply(resource), operation, created, warnings);
    }
}

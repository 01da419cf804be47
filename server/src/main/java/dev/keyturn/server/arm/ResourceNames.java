package dev.keyturn.server.arm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.NameRules;
import dev.keyturn.server.http.Request;

/**
 * Ids from the variables {@code subscription}, {@code group} and {@code name} of a route, and {@link NameRules} for
 * those that are being made.
 */
public final class ResourceNames {
    private ResourceNames() {}

    public static ArmId group(Request request) {
        return ArmId.group(request.variable("subscription"), request.variable("group"));
    }

    public static ArmId resource(Request request, String type) {
        return new ArmId(request.variable("subscription"), request.variable("group"), type, request.variable("name"));
    }

    /** The id, refused as 400 where its own name breaks Azure's rule for its type. */
    public static ArmId fit(ArmId id) {
        NameRules.problem(id).ifPresent(problem -> {
            throw new DomainError.Invalid(problem).asException();
        });
        return id;
    }
}

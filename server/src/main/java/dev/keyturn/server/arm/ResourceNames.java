package dev.keyturn.server.arm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
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
        NameRules.broken(id).ifPresent(rule -> {
            throw new DomainError.Invalid(ErrorInfo.at(
                            id.isGroup() ? "resourceGroupName" : "name",
                            id.isGroup() ? "InvalidResourceGroup" : "InvalidResourceName",
                            "The name '" + clip(id.name()) + "' is invalid. A name of the type " + id.type()
                                    + " must be " + rule + "."))
                    .asException();
        });
        return id;
    }

    private static String clip(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "...";
    }
}

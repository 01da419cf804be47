package dev.keyturn.server.arm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.http.Request;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Ids from the variables {@code subscription}, {@code group} and {@code name} of a route, and Azure's naming rules
 * ("Naming rules and restrictions for Azure resources") for those that are being made.
 */
public final class ResourceNames {
    private record Rule(Pattern pattern, String text) {}

    private static final Rule GROUP = new Rule(
            Pattern.compile("[\\p{L}\\p{Nd}_().-]{0,89}[\\p{L}\\p{Nd}_()-]"),
            "1 to 90 letters, digits, underscores, parentheses, hyphens and periods, not ending in a period");
    private static final Rule NETWORK = new Rule(
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?"),
            "1 to 80 letters, digits, underscores, periods and hyphens, beginning with a letter or digit and ending"
                    + " with a letter, digit or underscore");
    private static final Map<String, Rule> RULES = Map.of(
            "microsoft.compute/virtualmachines",
                    new Rule(
                            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?"),
                            "1 to 64 letters, digits, underscores, periods and hyphens, beginning with a letter"
                                    + " or digit and not ending with a period or hyphen"),
            "microsoft.compute/disks", NETWORK,
            "microsoft.compute/diskencryptionsets",
                    new Rule(
                            Pattern.compile("[A-Za-z0-9_-]{1,80}"), "1 to 80 letters, digits, underscores and hyphens"),
            "microsoft.managedidentity/userassignedidentities",
                    new Rule(
                            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{2,127}"),
                            "3 to 128 letters, digits, underscores and hyphens, beginning with a letter or digit"));

    private ResourceNames() {}

    public static ArmId group(Request request) {
        return ArmId.group(request.variable("subscription"), request.variable("group"));
    }

    public static ArmId resource(Request request, String type) {
        return new ArmId(request.variable("subscription"), request.variable("group"), type, request.variable("name"));
    }

    /** The id, refused as 400 where its own name breaks Azure's rule for its type. */
    public static ArmId fit(ArmId id) {
        Rule rule = id.isGroup() ? GROUP : RULES.getOrDefault(id.type().toLowerCase(Locale.ROOT), NETWORK);
        if (!rule.pattern().matcher(id.name()).matches()) {
            throw new DomainError.Invalid(ErrorInfo.at(
                            id.isGroup() ? "resourceGroupName" : "name",
                            id.isGroup() ? "InvalidResourceGroup" : "InvalidResourceName",
                            "The name '" + clip(id.name()) + "' is invalid. A name of the type " + id.type()
                                    + " must be " + rule.text() + "."))
                    .asException();
        }
        return id;
    }

    private static String clip(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "...";
    }
}

package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which names groups and resources may have: the one place that knows ("Naming rules and restrictions for Azure
 * resources"). Vaults and managed HSMs, whose names are host names, have their own.
 */
public final class NameRules {
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

    /** Characters of a name that a problem repeats. */
    private static final int SHOWN = 100;

    private NameRules() {}

    /** What is to be said of a thing whose name breaks its rule, in Azure's words; empty where the name is right. */
    public static Optional<ErrorInfo> problem(ArmId id) {
        String name = id.name().length() <= SHOWN ? id.name() : id.name().substring(0, SHOWN) + "...";
        return broken(id)
                .map(rule -> ErrorInfo.at(
                        id.isGroup() ? "resourceGroupName" : "name",
                        id.isGroup() ? "InvalidResourceGroup" : "InvalidResourceName",
                        "The name '" + name + "' is invalid. A name of the type " + id.type() + " must be " + rule
                                + "."));
    }

    /** What the name of such a thing must be; empty where this one is. */
    public static Optional<String> broken(ArmId id) {
        return broken(id.type(), id.name());
    }

    /** What the name of a thing of that type must be; empty where this one is. */
    public static Optional<String> broken(String type, String name) {
        Rule rule = type.equalsIgnoreCase(ArmId.GROUP_TYPE)
                ? GROUP
                : RULES.getOrDefault(type.toLowerCase(Locale.ROOT), NETWORK);
        return rule.pattern().matcher(name).matches() ? Optional.empty() : Optional.of(rule.text());
    }
}

package dev.keyturn.core.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An Azure Resource Manager id of a top-level resource or of a resource group:
 * {@code /subscriptions/S/resourceGroups/G[/providers/NAMESPACE/TYPE/NAME]}. Compared without regard to case, as Azure
 * does; printed as it was written when the resource was created. A resource group has the type
 * {@value #GROUP_TYPE} and its own name as {@code name}.
 */
public record ArmId(String subscription, String resourceGroup, String type, String name) {
    public static final String GROUP_TYPE = "Microsoft.Resources/resourceGroups";

    public static ArmId group(String subscription, String name) {
        return new ArmId(subscription, name, GROUP_TYPE, name);
    }

    /** The id in {@code text}, doubled and trailing slashes forgiven; empty where it is not one. */
    public static Optional<ArmId> parse(String text) {
        if (!text.startsWith("/")) {
            return Optional.empty();
        }
        List<String> p =
                List.of(text.split("/")).stream().filter(s -> !s.isEmpty()).toList();
        boolean rooted = p.size() >= 4
                && p.get(0).equalsIgnoreCase("subscriptions")
                && p.get(2).equalsIgnoreCase("resourceGroups");
        if (rooted && p.size() == 4) {
            return Optional.of(group(p.get(1), p.get(3)));
        }
        if (rooted && p.size() == 8 && p.get(4).equalsIgnoreCase("providers")) {
            return Optional.of(new ArmId(p.get(1), p.get(3), p.get(5) + "/" + p.get(6), p.get(7)))
                    .filter(id -> !id.isGroup()); // no group is inside another one
        }
        return Optional.empty();
    }

    public boolean isGroup() {
        return type.equalsIgnoreCase(GROUP_TYPE);
    }

    public ArmId group() {
        return group(subscription, resourceGroup);
    }

    public boolean hasType(String other) {
        return type.equalsIgnoreCase(other);
    }

    /** The lower-case form by which the store keys and compares. */
    public String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        // Mostly written alike, and asked for every artifact of a rotation.
        return other instanceof ArmId that && (writtenAs(that) || key().equals(that.key()));
    }

    private boolean writtenAs(ArmId that) {
        return name.equals(that.name)
                && resourceGroup.equals(that.resourceGroup)
                && type.equals(that.type)
                && subscription.equals(that.subscription);
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        String head = "/subscriptions/" + subscription + "/resourceGroups/" + resourceGroup;
        return isGroup() ? head : head + "/providers/" + type + "/" + name;
    }
}

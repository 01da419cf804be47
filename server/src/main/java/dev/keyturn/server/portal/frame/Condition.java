package dev.keyturn.server.portal.frame;

import dev.keyturn.core.resource.ProvisioningState;

/**
 * How a resource is, as pages say it: the words for Azure's provisioning states, from this one place.
 *
 * @param mark its class in the style
 */
public record Condition(String mark, String word) {
    public static Condition of(ProvisioningState state) {
        return switch (state) {
            case CREATING -> new Condition("working", "Being made");
            case UPDATING -> new Condition("working", "Being changed");
            case SUCCEEDED -> new Condition("done", "Ready");
            case FAILED -> new Condition("error", "Last change failed");
            case DELETING -> new Condition("working", "Being deleted");
        };
    }
}

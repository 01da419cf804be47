package dev.keyturn.core.model;

/** What an {@link ArmId} begins with. No part is empty or has a slash. */
public sealed interface ArmRoot {
    /** Nothing: what is above all subscriptions. */
    record Tenant() implements ArmRoot {}

    /** {@code /subscriptions/ID} */
    record Subscription(String id) implements ArmRoot {
        public Subscription {
            ArmIdParser.requireSegment("subscription", id);
        }
    }

    /** {@code /subscriptions/SUBSCRIPTION/resourceGroups/NAME} */
    record Group(String subscription, String name) implements ArmRoot {
        public Group {
            ArmIdParser.requireSegment("subscription", subscription);
            ArmIdParser.requireSegment("resource group", name);
        }
    }
}

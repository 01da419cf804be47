package dev.keyturn.core.resource;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;

/** The one subscription of this server and the tenant it belongs to; both ids are UUIDs in lower case. */
public record Subscription(String id, String tenant, String displayName) {

    /** Refuses any other subscription as {@code SubscriptionNotFound}. */
    public void require(String asked) {
        if (!id.equalsIgnoreCase(asked)) {
            throw new DomainError.NotFound(ErrorInfo.of(
                            "SubscriptionNotFound", "The subscription '" + asked + "' could not be found."))
                    .asException();
        }
    }
}

package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.key.KeyAttributes;
import java.time.Instant;

/** Whether a version can be used: a word, and the class of the mark before it. */
public record VersionState(String mark, String word) {
    static VersionState of(KeyAttributes attributes, Instant now) {
        if (!attributes.enabled()) {
            return new VersionState("off", "Disabled");
        }
        if (attributes.expired(now)) {
            return new VersionState("error", "Expired");
        }
        return attributes.beforePeriod(now)
                ? new VersionState("off", "Not valid yet")
                : new VersionState("done", "Enabled");
    }
}

package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyRefusals;
import java.util.Arrays;
import java.util.Optional;

/** Under which attestation an exportable key may be released. {@code data} is the policy's JSON text in UTF-8. */
public record ReleasePolicy(String contentType, byte[] data, boolean immutable) {
    public static final String DEFAULT_CONTENT_TYPE = "application/json; charset=utf-8";

    /**
     * The policy after {@code wanted} was asked for in its place.
     *
     * @throws dev.keyturn.core.model.DomainException where this one is immutable and the other says something else
     */
    ReleasePolicy replacedBy(ReleasePolicy wanted) {
        if (immutable && !says(wanted)) {
            throw KeyRefusals.badParameter(
                    "release_policy", "AKV.SKR.1020: Immutable Key Release Policy cannot be modified.");
        }
        return wanted;
    }

    /** A vault takes another policy for the key, and none for one of its versions. A managed HSM takes both. */
    static void requireSame(Optional<ReleasePolicy> present, Optional<ReleasePolicy> wanted) {
        boolean same = present.isPresent() == wanted.isPresent()
                && (present.isEmpty() || present.get().says(wanted.get()));
        if (!same) {
            throw KeyRefusals.badParameter(
                    "release_policy",
                    "AKV.SKR.1016: Key Release Policy can only be set on versionless key: leave the version out of the"
                            + " address.");
        }
    }

    private boolean says(ReleasePolicy other) {
        return immutable == other.immutable && Arrays.equals(data, other.data);
    }
}

package dev.keyturn.core.vault;

import java.util.Arrays;

/** Under which attestation an exportable key may be released. {@code data} is the policy's JSON text in UTF-8. */
public record ReleasePolicy(String contentType, byte[] data, boolean immutable) {
    public static final String DEFAULT_CONTENT_TYPE = "application/json; charset=utf-8";

    /**
     * The policy after {@code wanted} was asked for in its place.
     *
     * @throws dev.keyturn.core.model.DomainException where this one is immutable and the other says something else
     */
    ReleasePolicy replacedBy(ReleasePolicy wanted) {
        if (immutable && !(wanted.immutable && Arrays.equals(data, wanted.data))) {
            throw KeyRefusals.badParameter(
                    "release_policy", "AKV.SKR.1020: Immutable Key Release Policy cannot be modified.");
        }
        return wanted;
    }
}

package dev.keyturn.core.vault;

/** Under which attestation an exportable key may be released. {@code data} is the policy's JSON text in UTF-8. */
public record ReleasePolicy(String contentType, byte[] data, boolean immutable) {
    public static final String DEFAULT_CONTENT_TYPE = "application/json; charset=utf-8";
}

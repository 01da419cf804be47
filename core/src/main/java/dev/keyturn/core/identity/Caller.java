package dev.keyturn.core.identity;

/** Who makes a request, as the validated token says. {@code name} is for the record: an app id, or a resource's name. */
public record Caller(PrincipalId principal, String name) {}

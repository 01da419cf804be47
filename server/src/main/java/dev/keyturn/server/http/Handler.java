package dev.keyturn.server.http;

/**
 * Parses, calls a service, renders. May throw {@code DomainException} and {@code BadBodyException}, which the dialect
 * of the surrounding surface turns into its error body; any other exception is a bug and answered with a plain 500.
 */
@FunctionalInterface
public interface Handler {
    Response handle(Request request);
}

package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;

/**
 * One of the APIs that this server speaks, picked by the Host header: its routes, who may call them, and how it words a
 * refusal. Thread-safe.
 */
public interface Surface {
    /** May throw {@code DomainException} and {@code BadBodyException}; both go to {@link #refuse}. */
    Response handle(Request request);

    /** The refusal in this API's error shape, with the headers that belong to it. */
    Response refuse(Request request, DomainError error);
}

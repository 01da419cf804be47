package dev.keyturn.server.http;

import java.util.Optional;

/**
 * What an answer consists of that goes on for as long as somebody listens: one piece after another, each sent as soon as
 * it is there. Used by one thread.
 */
@FunctionalInterface
public interface Pieces {
    /**
     * Waits for the next piece; empty where there are no more. It should not wait longer than half a minute: that a
     * client is gone is noticed for certain only when something is sent to it.
     *
     * @throws InterruptedException where the client is gone or the server stops; nothing more is asked for then
     */
    Optional<byte[]> next() throws InterruptedException;
}

package dev.keyturn.host.remote;

import java.time.Duration;

/**
 * How long a node waits for another one.
 *
 * @param question for the whole answer to a question
 * @param silence for the next sign of life of who carries out an order
 */
record Limits(Duration question, Duration silence) {
    /** The way there and back, and a node that is busy. */
    private static final Duration WAY = Duration.ofSeconds(3);

    /** A sign of life comes each {@link Answering#OFTEN}; several may be late. */
    private static final Duration SILENCE = Answering.OFTEN.multipliedBy(8);

    static Limits of(Duration patience) {
        return new Limits(patience.plus(WAY), SILENCE);
    }
}

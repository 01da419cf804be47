package dev.keyturn.store.engine;

import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a database is the one that is meant: asked when it can be read, its log included, and before anything in it is
 * changed.
 */
@FunctionalInterface
public interface Admission<E extends Exception> {
    /**
     * @param settings the value of a setting, as it is stored by whichever version of the schema
     * @throws E where it is not to be opened
     */
    void check(Function<String, Optional<String>> settings) throws E;
}

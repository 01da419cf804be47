package dev.keyturn.core.host;

/** Is told how far something long has come. Calls are cheap to make often; what is done with them is the listener's. */
@FunctionalInterface
public interface Progress {
    Progress UNHEARD = _ -> {};

    /** @param percent from 0 to 100, never less than the time before */
    void at(int percent);
}

package dev.keyturn.store.engine;

import java.time.Duration;

/**
 * How busy a database is. {@code commits} since it was opened: below the number of writes by as much as they were
 * grouped. {@code oldest}: how long the call that has waited longest for its outcome has waited.
 */
public record Load(int waitingWrites, int waitingReads, long commits, Duration oldest) {}

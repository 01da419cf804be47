package dev.keyturn.store.migrate;

import java.util.Map;
import java.util.Set;

/** The tables that are not copied, each with the reason. Every other table is copied, and both databases must have it. */
final class LeftOut {
    static final Map<String, String> TABLES = Map.of(
            "flyway_schema_history",
            "which migrations this very database has had; the other one is made by the same program and has its own",
            "commit_mark",
            "PostgreSQL alone: what became of the last commit of each writer of this very database",
            "database_move",
            "PostgreSQL alone: what this very database has to do with a directory");

    /** Tables into which migrations put rows of numbers, all of them 1 until something was counted. */
    static final Set<String> BEGUN_AT_ONE = Set.of("counter");

    private LeftOut() {}
}

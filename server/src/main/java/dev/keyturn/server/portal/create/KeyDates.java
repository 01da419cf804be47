package dev.keyturn.server.portal.create;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Dates as people type them: {@code 2030-12-31}, the beginning of that day in UTC, or a moment, {@code 2030-12-31T18:00:00Z}. */
final class KeyDates {
    static final String HINT = "A date as 2030-12-31, or a moment as 2030-12-31T18:00:00Z.";
    private static final int YEARS = 10_000;

    private KeyDates() {}

    static Optional<Instant> of(String text) {
        try {
            Instant at = text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            return Optional.of(at.truncatedTo(ChronoUnit.SECONDS))
                    .filter(t -> t.atOffset(ZoneOffset.UTC).getYear() < YEARS);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** As {@link #of} reads it. */
    static String text(Optional<Instant> at) {
        return at.map(t -> t.equals(t.truncatedTo(ChronoUnit.DAYS))
                        ? t.atOffset(ZoneOffset.UTC).toLocalDate().toString()
                        : t.toString())
                .orElse("");
    }

    static Optional<ErrorInfo> problem(String field, String typed) {
        return typed.isEmpty() || of(typed).isPresent()
                ? Optional.empty()
                : Optional.of(DomainError.field(
                        field,
                        "A date is written as 2030-12-31, a moment as 2030-12-31T18:00:00Z, and not as '" + typed
                                + "'."));
    }
}

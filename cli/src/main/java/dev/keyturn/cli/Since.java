package dev.keyturn.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A time as a person gives it. */
final class Since {
    private Since() {}

    /** @throws CliException where it is neither a day nor a time with its zone */
    static Instant parse(String text) {
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw CliException.usage(
                    "--since must be a day, such as 2026-03-01, or a time with its zone, such as 2026-03-01T10:00:00Z, not '"
                            + text + "'");
        }
    }
}

package dev.keyturn.server.arm.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Times as clients write them: ISO 8601 with a zone, without one (UTC), or a day alone. */
public final class Times {
    private static final List<Function<String, Instant>> FORMS = List.of(
            text -> OffsetDateTime.parse(text).toInstant(),
            text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
            text -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));

    private Times() {}

    public static Optional<Instant> parse(String text) {
        return FORMS.stream().flatMap(form -> read(form, text.strip()).stream()).findFirst();
    }

    /** What has no number of milliseconds is no time of a record. */
    private static Optional<Instant> read(Function<String, Instant> form, String text) {
        try {
            return Optional.of(Instant.ofEpochMilli(form.apply(text).toEpochMilli()));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}

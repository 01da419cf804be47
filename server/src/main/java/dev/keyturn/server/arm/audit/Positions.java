package dev.keyturn.server.arm.audit;

import dev.keyturn.core.audit.AuditQuery.Position;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.model.DomainError;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the next page begins, as the token of a page has it. */
public final class Positions {
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,15})\\|(\\d{1,18})\\|(.+)");

    private Positions() {}

    public static String of(AuditRecord last) {
        return of(Position.of(last));
    }

    public static String of(Position last) {
        return last.at().toEpochMilli() + "|" + last.sequence() + "|" + last.node();
    }

    public static Position parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw wrong();
        }
        return new Position(Instant.ofEpochMilli(Long.parseLong(m.group(1))), m.group(3), Long.parseLong(m.group(2)));
    }

    static long number(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw wrong();
        }
        return Long.parseLong(text);
    }

    private static RuntimeException wrong() {
        return DomainError.invalid("$skiptoken", "'$skiptoken' must be one that a nextLink of this list has.")
                .asException();
    }
}

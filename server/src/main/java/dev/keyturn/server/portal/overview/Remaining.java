package dev.keyturn.server.portal.overview;

import java.time.Duration;
import java.time.Instant;

/** How long something lasts, in words. */
final class Remaining {
    private Remaining() {}

    /** "expires in 9 days", "expired 3 days ago". */
    static String words(Instant end, Instant now) {
        long days = Duration.between(now, end).abs().toDays();
        String number = days == 1 ? "1 day" : days + " days";
        return now.isBefore(end)
                ? "expires in " + (days == 0 ? "less than a day" : number)
                : "expired " + (days == 0 ? "less than a day" : number) + " ago";
    }
}

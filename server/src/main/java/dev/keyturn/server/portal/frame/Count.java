package dev.keyturn.server.portal.frame;

import java.util.Locale;

/** How many of something, as all pages write it: {@code 1 VM}, {@code 12,000 VMs}. */
public final class Count {
    private Count() {}

    /** @param one what follows the number 1; {@code many} what follows any other */
    public static String of(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /** Of a noun whose plural is made with an s. */
    public static String of(long number, String noun) {
        return of(number, noun, noun + "s");
    }

    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

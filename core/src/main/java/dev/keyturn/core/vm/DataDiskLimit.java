package dev.keyturn.core.vm;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many data disks a VM of a size may have, as Azure's size tables say: two for each processor, from 4 to 32, in the
 * series DCasv5, DCadsv5, ECasv5, ECadsv5, DCesv5, DCedsv5, ECesv5 and ECedsv5. Of other sizes nothing is said, and the
 * 64 luns are the limit.
 */
final class DataDiskLimit {
    private static final Pattern VERSION_5 =
            Pattern.compile("Standard_[DE]C(\\d{1,3})i?[ae]d?s_v5", Pattern.CASE_INSENSITIVE);
    private static final int LEAST = 4;
    private static final int MOST = 32;

    private DataDiskLimit() {}

    static OptionalInt of(String size) {
        Matcher matcher = VERSION_5.matcher(size);
        return matcher.matches()
                ? OptionalInt.of(Math.clamp(2L * Integer.parseInt(matcher.group(1)), LEAST, MOST))
                : OptionalInt.empty();
    }
}

package dev.keyturn.core.image;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order of versions: runs of digits by their value, everything else by its text, so that 9.10 is above 9.9. */
final class ImageVersions {
    static final Comparator<String> ORDER = ImageVersions::compare;

    private static final Pattern RUN = Pattern.compile("[0-9]+|[^0-9]+");

    private ImageVersions() {}

    private static int compare(String one, String other) {
        Matcher left = RUN.matcher(one);
        Matcher right = RUN.matcher(other);
        while (true) {
            boolean more = left.find();
            if (more != right.find()) {
                return more ? 1 : -1;
            }
            if (!more) {
                return one.compareTo(other); // 1.0 and 1.00
            }
            int order = run(left.group(), right.group());
            if (order != 0) {
                return order;
            }
        }
    }

    private static int run(String one, String other) {
        return digits(one) && digits(other)
                ? new BigInteger(one).compareTo(new BigInteger(other))
                : one.compareTo(other);
    }

    private static boolean digits(String run) {
        return run.charAt(0) >= '0' && run.charAt(0) <= '9';
    }
}

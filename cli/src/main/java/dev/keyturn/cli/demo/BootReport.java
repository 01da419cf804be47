package dev.keyturn.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the test guest says of one boot (guest/README.md, "What it says"): the values it found or wrote, by store.
 *
 * @param boot how often this OS disk was booted
 */
record BootReport(int boot, Map<String, Value> stores) {
    private static final Pattern LINE = Pattern.compile("KEYTURN ([^\\r\\n]*)[\\r\\n]");
    private static final Pattern STORE = Pattern.compile("store=(\\S+) how=(\\S+) (?:value|reason)=(\\S+)");
    private static final Pattern FAILED = Pattern.compile("(?:boot=)?failed reason=(\\S+)");
    private static final Pattern BOOT = Pattern.compile("boot=([0-9]+)");

    BootReport {
        stores = Map.copyOf(stores);
    }

    /** {@code how} is read, written or failed; {@code text} the value, or the reason of a failure. */
    record Value(String how, String text) {}

    /**
     * Reads the console of one boot, from its power-on.
     *
     * @return empty while the guest is not ready
     * @throws StoryFailedException where the guest says that it cannot do its work
     */
    static Optional<BootReport> of(String console) {
        Map<String, Value> stores = new LinkedHashMap<>();
        int boot = 0;
        Matcher lines = LINE.matcher(console);
        while (lines.find()) {
            String line = lines.group(1).strip();
            Matcher store = STORE.matcher(line);
            Matcher failed = FAILED.matcher(line);
            Matcher count = BOOT.matcher(line);
            if (store.matches()) {
                stores.put(store.group(1), new Value(store.group(2), store.group(3)));
            } else if (failed.matches()) {
                throw new StoryFailedException("a guest cannot do its work: " + failed.group(1));
            } else if (count.matches()) {
                boot = Integer.parseInt(count.group(1));
            } else if (line.equals("ready")) {
                return Optional.of(new BootReport(boot, stores));
            }
        }
        return Optional.empty();
    }
}

package dev.keyturn.server.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A value for each {@link Limit}. Immutable. */
public record Limits(Map<Limit, Long> values) {
    public Limits {
        EnumMap<Limit, Long> all = new EnumMap<>(values);
        for (Limit limit : Limit.values()) {
            if (!all.containsKey(limit)) {
                throw new IllegalArgumentException(limit + " has no value");
            }
        }
        values = Map.copyOf(all);
    }

    /** What holds in this process where nobody says otherwise. */
    public static Limits defaults() {
        return defaults(Runtime.getRuntime().maxMemory());
    }

    static Limits defaults(long maxHeap) {
        EnumMap<Limit, Long> all = new EnumMap<>(Limit.class);
        Stream.of(Limit.values()).forEach(l -> all.put(l, l.byDefault(maxHeap)));
        return new Limits(all);
    }

    public long of(Limit limit) {
        return Optional.ofNullable(values.get(limit)).orElseThrow();
    }

    /** The same as an {@code int}; no count is larger. */
    public int count(Limit limit) {
        return Math.toIntExact(of(limit));
    }

    public Duration seconds(Limit limit) {
        return Duration.ofSeconds(of(limit));
    }

    public Limits with(Limit limit, long value) {
        EnumMap<Limit, Long> all = new EnumMap<>(values);
        all.put(limit, value);
        return new Limits(all);
    }

    /** These with those of {@code settings}, each {@code NAME=VALUE}; what is wrong with one is added to {@code wrong}. */
    public Limits with(List<String> settings, List<String> wrong) {
        Limits out = this;
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            Optional<Limit> limit = Limit.named(name.strip());
            Optional<Long> value = number(equals < 0 ? "" : setting.substring(equals + 1));
            if (limit.isEmpty()) {
                wrong.add("--limit takes NAME=VALUE with one of the names "
                        + String.join(
                                ", ", Stream.of(Limit.values()).map(Limit::text).toList())
                        + ", not '" + setting + "'");
            } else if (value.isEmpty()) {
                wrong.add("--limit " + limit.get().text() + " must be a whole number, as in "
                        + limit.get().text() + "=" + of(limit.get()) + ", not '" + setting + "'");
            } else {
                out = out.with(limit.get(), value.get());
            }
        }
        return out;
    }

    /** Everything that is wrong, one line each; empty where nothing is. */
    public List<String> problems() {
        List<String> out = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            limit.problem(of(limit)).ifPresent(out::add);
        }
        return out;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

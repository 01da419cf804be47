package dev.keyturn.core.key;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a key gets a new version by itself. {@code expiryTime} is the life of each new version. Periods are ISO 8601 in
 * years, months, weeks or days.
 */
public record RotationPolicy(
        List<LifetimeAction> actions, Optional<Period> expiryTime, Instant created, Instant updated) {
    public RotationPolicy {
        actions = List.copyOf(actions);
    }

    /** What a policy does. */
    public enum Action {
        ROTATE("Rotate"),
        NOTIFY("Notify");

        private final String wire;

        Action(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }

        public static Optional<Action> named(String wire) {
            return List.of(values()).stream()
                    .filter(a -> a.wire.equalsIgnoreCase(wire))
                    .findFirst();
        }
    }

    /** An action and its trigger: exactly one of the two periods is present. */
    public record LifetimeAction(Action action, Optional<Period> afterCreate, Optional<Period> beforeExpiry) {
        public LifetimeAction {
            if (afterCreate.isPresent() == beforeExpiry.isPresent()) {
                throw new IllegalArgumentException("a lifetime action has one trigger");
            }
        }
    }

    /** When the policy wants the version after one with these attributes; empty where it never does. */
    Optional<Instant> nextRotation(KeyAttributes latest) {
        return actions.stream()
                .filter(a -> a.action() == Action.ROTATE)
                .flatMap(a -> a.afterCreate().isPresent()
                        ? Stream.of(plus(latest.created(), a.afterCreate().get()))
                        : latest.expires().stream()
                                .map(exp ->
                                        plus(exp, a.beforeExpiry().orElseThrow().negated())))
                .min(Comparator.naturalOrder());
    }

    static Instant plus(Instant time, Period period) {
        return time.atOffset(ZoneOffset.UTC).plus(period).toInstant();
    }

    /** The actions in one line for the store: {@code Rotate:after:P90D;Notify:before:P30D}. */
    public String actionsText() {
        List<String> words = new ArrayList<>();
        for (LifetimeAction a : actions) {
            words.add(a.action().wire()
                    + a.afterCreate().map(p -> ":after:" + p).orElse("")
                    + a.beforeExpiry().map(p -> ":before:" + p).orElse(""));
        }
        return String.join(";", words);
    }

    /** What {@link #actionsText} wrote. */
    public static List<LifetimeAction> parseActions(String text) {
        List<LifetimeAction> out = new ArrayList<>();
        for (String word : text.split(";")) {
            if (word.isEmpty()) {
                continue;
            }
            String[] p = word.split(":");
            Optional<Period> period = Optional.of(Period.parse(p[2].toUpperCase(Locale.ROOT)));
            boolean after = p[1].equals("after");
            out.add(new LifetimeAction(
                    Action.named(p[0]).orElseThrow(),
                    after ? period : Optional.empty(),
                    after ? Optional.empty() : period));
        }
        return out;
    }
}

package dev.keyturn.core.key;

import dev.keyturn.core.key.RotationPolicy.Action;
import dev.keyturn.core.key.RotationPolicy.LifetimeAction;
import dev.keyturn.core.keycrypto.KeyRefusals;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Key Vault's limits for rotation policies: 28 days of life at least, no rotation within 7 days of either end. */
final class RotationPolicyRules {
    private static final LocalDate BASE = LocalDate.of(2001, 1, 1);
    private static final long MIN_LIFE = 28;
    private static final long MARGIN = 7;

    private RotationPolicyRules() {}

    static void check(List<LifetimeAction> actions, Optional<Period> expiryTime) {
        for (Action action : Action.values()) {
            if (actions.stream().filter(a -> a.action() == action).count() > 1) {
                throw KeyRefusals.badParameter(
                        "lifetimeActions", "There can be one lifetime action of type " + action.wire() + ", not more.");
            }
        }
        Optional<Long> life = expiryTime.map(RotationPolicyRules::days);
        if (life.filter(d -> d < MIN_LIFE).isPresent()) {
            throw KeyRefusals.badParameter(
                    "attributes.expiryTime", "attributes.expiryTime must be at least " + MIN_LIFE + " days (P28D).");
        }
        for (LifetimeAction action : actions) {
            action.afterCreate().ifPresent(p -> afterCreate(days(p), life));
            action.beforeExpiry().ifPresent(p -> beforeExpiry(action.action(), days(p), life));
        }
    }

    private static void afterCreate(long days, Optional<Long> life) {
        String field = "lifetimeActions.trigger.timeAfterCreate";
        if (days < MARGIN) {
            throw KeyRefusals.badParameter(field, "timeAfterCreate must be at least " + MARGIN + " days (P7D).");
        }
        if (life.filter(l -> days > l - MARGIN).isPresent()) {
            throw KeyRefusals.badParameter(
                    field, "timeAfterCreate must end at least " + MARGIN + " days before the expiry time.");
        }
    }

    private static void beforeExpiry(Action action, long days, Optional<Long> life) {
        String field = "lifetimeActions.trigger.timeBeforeExpiry";
        if (days < MARGIN) {
            throw KeyRefusals.badParameter(field, "timeBeforeExpiry must be at least " + MARGIN + " days (P7D).");
        }
        if (action == Action.ROTATE && life.isEmpty()) {
            throw KeyRefusals.badParameter(
                    field, "A rotation timed before the expiry needs attributes.expiryTime, such as P1Y.");
        }
        if (life.filter(l -> days > l - MARGIN).isPresent()) {
            throw KeyRefusals.badParameter(
                    field, "timeBeforeExpiry must be at least " + MARGIN + " days shorter than the expiry time.");
        }
    }

    private static long days(Period period) {
        return ChronoUnit.DAYS.between(BASE, BASE.plus(period));
    }
}

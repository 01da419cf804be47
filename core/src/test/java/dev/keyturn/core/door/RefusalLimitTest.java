package dev.keyturn.core.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.InMemoryAudit;
import dev.keyturn.core.door.RefusalLimit.Place;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Call.Door;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RefusalLimitTest {
    private static final Scope AT = new Scope("/subscriptions/s/resourceGroups/" + "x".repeat(1_000));

    private final InMemoryAudit store = new InMemoryAudit();
    private Instant now = Instant.parse("2026-05-01T10:00:00Z");
    private final Doors doors = new Doors(
            store, new Nothing(), new AuditLog(store, ((InstantSource) () -> now).withZone(ZoneOffset.UTC), "n"));

    private static final class Nothing implements Access {
        @Override
        public boolean may(Tx tx, PrincipalId who, String action, Scope scope) {
            return false;
        }

        @Override
        public List<ArmId> allowedBelow(Tx tx, PrincipalId who, Scope scope, Function<ArmId, List<Action>> enough) {
            return List.of();
        }
    }

    private static PrincipalId principal() {
        return new PrincipalId(UUID.randomUUID());
    }

    private void refused(PrincipalId who, int times) {
        Call call = new Call(new Caller(who, "who"), UUID.randomUUID(), Optional.empty(), Door.ARM);
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> doors.require(call, Action.DISK_READ, AT)).isInstanceOf(DomainException.class);
        }
    }

    @Test
    void flood_isAnswered_recordedUpToTheLimit_andCountedInTheNextRecord() {
        PrincipalId who = principal();

        refused(who, RefusalLimit.A_MINUTE + 40);
        refused(principal(), 1);

        assertThat(store.records).hasSize(RefusalLimit.A_MINUTE + 1);
        assertThat(store.records.get(RefusalLimit.A_MINUTE - 1).code())
                .hasValueSatisfying(c -> assertThat(c).startsWith("AuthorizationFailed (the last"));
        assertThat(store.records.getLast().code()).contains("AuthorizationFailed");

        now = now.plus(Duration.ofMinutes(1));
        refused(who, 2);

        assertThat(store.records).hasSize(RefusalLimit.A_MINUTE + 3);
        assertThat(store.records.get(RefusalLimit.A_MINUTE + 1).code())
                .contains("AuthorizationFailed (40 refused before it are not recorded)");
        assertThat(store.records.getLast().code()).contains("AuthorizationFailed");
    }

    @Test
    void refused_placeIsClipped() {
        refused(principal(), 1);

        assertThat(store.records)
                .singleElement()
                .extracting(AuditRecord::scope)
                .satisfies(s -> assertThat(s.toString()).hasSize(300));
    }

    @Test
    void recordThatFails_isNotTakenAsSaid() {
        PrincipalId who = principal();
        refused(who, RefusalLimit.A_MINUTE + 7);
        now = now.plus(Duration.ofMinutes(1));
        store.broken = Optional.of(
                new DomainException(RoleAccess.refused(new Caller(who, "who"), Action.DISK_READ.azure(), AT)));
        refused(who, 1);
        store.broken = Optional.empty();

        refused(who, 1);

        assertThat(store.records.getLast().code())
                .hasValueSatisfying(c -> assertThat(c).contains("(7 refused before it"));
    }

    @Test
    void principals_areBounded_andThoseBeyondShareOneMinute() {
        RefusalLimit limit = new RefusalLimit();
        for (int i = 0; i < RefusalLimit.PRINCIPALS; i++) {
            assertThat(limit.next(principal(), now)).isPresent();
        }
        for (int i = 0; i < RefusalLimit.A_MINUTE; i++) {
            assertThat(limit.next(principal(), now)).isPresent();
        }
        assertThat(limit.next(principal(), now)).isEmpty();

        Instant later = now.plus(Duration.ofMinutes(1));
        assertThat(limit.next(principal(), later)).contains(new Place(0, false));
    }

    @Test
    void clockThatIsSetBack_beginsAnotherMinute() {
        RefusalLimit limit = new RefusalLimit();
        PrincipalId who = principal();
        for (int i = 0; i <= RefusalLimit.A_MINUTE; i++) {
            limit.next(who, now);
        }

        assertThat(limit.next(who, now.minus(Duration.ofHours(1)))).contains(new Place(1, false));
    }
}

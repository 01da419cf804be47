package dev.keyturn.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SeenTimeTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private final Machine machine = new Machine();
    private SeenTime time = machine.server();

    @Test
    void seen_beginsWithTheClock_andGrowsWithWhatPasses() {
        assertThat(time.seen()).isEqualTo(START);
        machine.pass(Duration.ofDays(3));
        assertThat(time.seen()).isEqualTo(START.plus(Duration.ofDays(3)));
        assertThat(time.status().jumped()).isFalse();
    }

    @Test
    void seen_whenTheClockJumpsAhead_followsByAHundredthAlone() {
        machine.wall = machine.wall.plus(Duration.ofDays(100));
        assertThat(time.seen()).isEqualTo(START);
        assertThat(time.reached()).isEqualTo(START);
        assertThat(time.latest()).isEqualTo(machine.wall);
        assertThat(time.status().ahead()).isEqualTo(Duration.ofDays(100));
        assertThat(time.status().jumped()).isTrue();

        machine.pass(Duration.ofHours(100));
        assertThat(time.seen()).isEqualTo(START.plus(Duration.ofHours(101)));
    }

    @Test
    void seen_whenTheClockJumpsThereAndBackManyTimes_isNotMovedByIt() {
        for (int i = 0; i < 1_000; i++) {
            machine.wall = machine.wall.plus(Duration.ofDays(100));
            time.seen();
            machine.wall = machine.wall.minus(Duration.ofDays(100));
            time.seen();
        }
        assertThat(time.seen()).isEqualTo(START);
    }

    @Test
    void seen_whenTheClockIsSetBack_goesOn_butMeetsOneThatIsALittleBehind() {
        machine.wall = machine.wall.minus(Duration.ofDays(100));
        machine.pass(Duration.ofHours(1));
        assertThat(time.seen()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(time.reached()).isEqualTo(machine.wall);
        assertThat(time.status().ahead()).isZero();

        machine.wall = START.plus(Duration.ofMinutes(57));
        assertThat(time.seen()).isEqualTo(machine.wall);
    }

    @Test
    void seen_afterTheServerWasDownButNotTheMachine_hasAllOfIt() {
        machine.pass(Duration.ofDays(40));
        time = machine.server();
        assertThat(time.seen()).isEqualTo(START.plus(Duration.ofDays(40)));
    }

    @Test
    void seen_afterTheMachineWasDown_hasADayOfItAtMost() {
        machine.boot(Duration.ofHours(20));
        time = machine.server();
        assertThat(time.seen()).isEqualTo(START.plus(Duration.ofHours(20)));

        machine.boot(Duration.ofDays(100));
        time = machine.server();
        assertThat(time.seen()).isBetween(START.plus(Duration.ofHours(44)), START.plus(Duration.ofHours(45)));
        assertThat(time.status().jumped()).isTrue();

        machine.boot(Duration.ofDays(-200));
        time = machine.server();
        assertThat(time.seen()).isBefore(START.plus(Duration.ofHours(46)));
    }

    @Test
    void confirm_believesTheClock_whereTheAdministratorsOneSaysTheSame() {
        machine.wall = machine.wall.plus(Duration.ofDays(10));
        assertThatThrownBy(() -> time.confirm(START, "me"))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining(machine.wall.toString());
        assertThat(time.seen()).isEqualTo(START);

        assertThat(time.confirm(machine.wall.plusSeconds(20), "me").jumped()).isFalse();
        assertThat(time.seen()).isEqualTo(machine.wall);
        time = machine.server();
        assertThat(time.seen()).isEqualTo(machine.wall);
    }

    @Test
    void confirm_ofAClockThatIsBehind_takesNothingBack() {
        machine.wall = machine.wall.minus(Duration.ofDays(10));
        time.confirm(machine.wall, "me");
        assertThat(time.seen()).isEqualTo(START);
    }

    @Test
    void open_onAStoredTimeThatIsNone_saysSo() {
        machine.settings.put("seen-time", "yesterday");
        assertThatThrownBy(machine::server)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("seen-time");
    }

    @Test
    void twoNodes_grow_byWhatOneOfThemSaw_notByTheSum() {
        Machine second = new Machine(machine);
        SeenTime a = machine.server("a");
        SeenTime b = second.server("b");
        for (int i = 0; i < 600; i++) {
            machine.pass(Duration.ofMinutes(1));
            second.pass(Duration.ofMinutes(1));
            a.store();
            b.store();
            b.store();
            a.store();
        }
        assertThat(a.seen()).isEqualTo(START.plus(Duration.ofHours(10)));
        assertThat(b.seen()).isEqualTo(START.plus(Duration.ofHours(10)));
    }

    @Test
    void clockOfOneNodeThatIsFarAhead_movesTheTimeOfAllByAHundredthAlone_alsoWhenThatNodeStartsAgain() {
        Machine second = new Machine(machine);
        SeenTime a = machine.server("a");
        SeenTime b = second.server("b");
        second.wall = second.wall.plus(Duration.ofDays(100));
        for (int i = 0; i < 100; i++) {
            machine.pass(Duration.ofMinutes(1));
            second.pass(Duration.ofMinutes(1));
            b.store();
            a.store();
        }
        assertThat(b.seen()).isEqualTo(START.plus(Duration.ofMinutes(101)));
        for (int i = 0; i < 5; i++) {
            second.boot(Duration.ofDays(20));
            b = second.server("b");
            b.store();
            a.store();
        }
        assertThat(b.seen()).isEqualTo(START.plus(Duration.ofMinutes(101)));
        assertThat(a.seen()).isBeforeOrEqualTo(START.plus(Duration.ofMinutes(101)));
    }

    @Test
    void nodeThatWasAway_learnsWhatTheOthersSaw_andTakesNothingBack() {
        Machine second = new Machine(machine);
        SeenTime a = machine.server("a");
        SeenTime b = second.server("b");
        machine.pass(Duration.ofHours(5));
        a.store();
        second.wall = machine.wall;
        b.store(); // its machine stood still and counted nothing
        assertThat(b.seen()).isEqualTo(START.plus(Duration.ofHours(5)));
        a.store();
        assertThat(a.seen()).isEqualTo(START.plus(Duration.ofHours(5)));
        SeenTime c = new Machine(machine).server("c");
        assertThat(c.seen()).as("one that is new").isEqualTo(START.plus(Duration.ofHours(5)));
    }

    @Test
    void confirmAtOneNode_isLearntByTheOthers() {
        Machine second = new Machine(machine);
        SeenTime a = machine.server("a");
        SeenTime b = second.server("b");
        machine.wall = machine.wall.plus(Duration.ofDays(10));
        second.wall = machine.wall;
        a.confirm(machine.wall, "me");
        b.store();
        assertThat(b.seen()).isEqualTo(machine.wall);
    }

    @Test
    void serverThatGetsAName_goesOnFromWhatItHadWithoutOne() {
        machine.pass(Duration.ofHours(2));
        time.store();
        machine.boot(Duration.ofHours(3));
        SeenTime named = machine.server("a");
        assertThat(named.seen()).isEqualTo(START.plus(Duration.ofHours(5)));
        assertThat(machine.settings.getOrDefault("seen-time", "").lines()).hasSize(1);
    }

    /** A machine with its clock, its count since boot and its disk. */
    private static final class Machine extends Clock implements Transactions, Settings {
        private static final Tx TX = new Tx() {};
        private final Map<String, String> settings;
        private Instant wall = START;
        private Elapsed.Reading up = new Elapsed.Reading("boot-1", Duration.ofHours(1));

        Machine() {
            settings = new HashMap<>();
        }

        /** Another one on the same database. */
        Machine(Machine other) {
            settings = other.settings;
            wall = other.wall;
            up = new Elapsed.Reading("other", Duration.ofDays(7));
        }

        SeenTime server(String node) {
            return SeenTime.open(this, this, this, () -> up, node);
        }

        SeenTime server() {
            return SeenTime.open(this, this, this, () -> up);
        }

        void pass(Duration by) {
            wall = wall.plus(by);
            up = new Elapsed.Reading(up.boot(), up.up().plus(by));
        }

        void boot(Duration clockMovesBy) {
            wall = wall.plus(clockMovesBy);
            up = new Elapsed.Reading(up.boot() + "+", Duration.ofSeconds(5));
        }

        @Override
        public Instant instant() {
            return wall;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public <T> T read(Function<Tx, T> work) {
            return work.apply(TX);
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            return work.apply(TX);
        }

        @Override
        public Optional<String> find(Tx tx, String name) {
            return Optional.ofNullable(settings.get(name));
        }

        @Override
        public void put(Tx tx, String name, String value) {
            settings.put(name, value);
        }
    }
}

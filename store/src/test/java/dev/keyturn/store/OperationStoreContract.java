package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.setId;
import static dev.keyturn.store.Samples.vmId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.operation.OperationsInSight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class OperationStoreContract extends StoreContract {
    @Test
    void tried_keepsTheNewestRevisionOfEachResource_untilTheOperationIsForgotten() {
        Operation op = inserted(vmId("a"), 0);
        assertThat(tried(op)).isEmpty();
        run(tx -> stores.operations().tried(tx, op.id(), vmId("A"), 3));
        run(tx -> stores.operations().tried(tx, op.id(), vmId("b"), 4));
        run(tx -> stores.operations().tried(tx, op.id(), vmId("a"), 5));

        assertThat(tried(op))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(vmId("a").key(), 5L, vmId("b").key(), 4L));

        run(tx -> stores.operations().end(tx, op.id(), Optional.empty(), NOW));
        assertThat(transactions().<Integer>write(tx -> stores.operations().forgetEndedBefore(tx, NOW.plusSeconds(1))))
                .isEqualTo(Integer.valueOf(1));
        assertThat(tried(op)).isEmpty();
    }

    @Test
    void lists_haveTheNewestFirst_andGoOnBehindAPlace() {
        Operation old = inserted(vmId("old"), 0);
        Operation young = inserted(vmId("young"), 5);
        Operation middle = inserted(vmId("middle"), 2);
        assertThat(this.<List<Operation>>read(tx -> stores.operations().running(tx, 10)))
                .extracting(Operation::id)
                .containsExactly(young.id(), middle.id(), old.id());
        assertThat(this.<List<Operation>>read(tx -> stores.operations().running(tx, 1)))
                .hasSize(1);

        // two of one time: each is listed once, whatever the page's size
        run(tx -> stores.operations().end(tx, young.id(), Optional.empty(), NOW.plusSeconds(20)));
        run(tx -> stores.operations().end(tx, old.id(), Optional.empty(), NOW.plusSeconds(30)));
        run(tx -> stores.operations().end(tx, middle.id(), Optional.empty(), NOW.plusSeconds(30)));
        assertThat(this.<List<Operation>>read(tx -> stores.operations().running(tx, 10)))
                .isEmpty();
        List<OperationId> listed = new ArrayList<>();
        Optional<OperationsInSight.Place> behind = Optional.empty();
        for (int i = 0; i < 3; i++) {
            Optional<OperationsInSight.Place> from = behind;
            Operation next = read(tx -> stores.operations().ended(tx, from, 1)).getFirst();
            listed.add(next.id());
            behind = Optional.of(new OperationsInSight.Place(next.endedAt().orElseThrow(), next.id()));
        }
        assertThat(listed).containsExactlyInAnyOrder(old.id(), middle.id(), young.id());
        assertThat(listed.getLast()).isEqualTo(young.id());
        Optional<OperationsInSight.Place> end = behind;
        assertThat(this.<List<Operation>>read(tx -> stores.operations().ended(tx, end, 1)))
                .isEmpty();
    }

    @Test
    void ended_ofAResource_areItsOwn_theLastOneFirst() {
        Operation first = inserted(vmId("a"), 0);
        Operation second = inserted(vmId("a"), 1);
        Operation other = inserted(vmId("b"), 2);
        Operation running = inserted(vmId("a"), 3);
        run(tx -> {
            stores.operations().end(tx, second.id(), Optional.empty(), NOW.plusSeconds(5));
            stores.operations().end(tx, first.id(), Optional.empty(), NOW.plusSeconds(9));
            stores.operations().end(tx, other.id(), Optional.empty(), NOW.plusSeconds(9));
        });

        assertThat(many(tx -> stores.operations().ended(tx, vmId("A"), 9)))
                .extracting(Operation::id)
                .containsExactly(first.id(), second.id())
                .doesNotContain(running.id());
        assertThat(many(tx -> stores.operations().ended(tx, vmId("a"), 1))).hasSize(1);
    }

    @Test
    void untried_takesTheNoteOfThatResourceBack() {
        Operation op = inserted(vmId("a"), 0);
        run(tx -> stores.operations().tried(tx, op.id(), vmId("a"), 3));
        run(tx -> stores.operations().tried(tx, op.id(), vmId("b"), 4));

        run(tx -> stores.operations().untried(tx, op.id(), vmId("A")));

        assertThat(tried(op)).containsOnlyKeys(vmId("b").key());
        run(tx -> stores.operations().untried(tx, op.id(), vmId("a")));
        assertThat(tried(op)).containsOnlyKeys(vmId("b").key());
    }

    private Map<String, Long> tried(Operation operation) {
        return read(tx -> stores.operations().tried(tx, operation.id()));
    }

    @Test
    void end_beforeTheStart_isShownAtTheStart() {
        Operation op = inserted(vmId("a"), 900);
        run(tx -> stores.operations().end(tx, op.id(), Optional.empty(), NOW));

        assertThat(one(tx -> stores.operations().find(tx, op.id())))
                .get()
                .extracting(Operation::endedAt)
                .isEqualTo(Optional.of(op.startedAt()));
    }

    private static final Instant UNTIL = NOW.plusSeconds(30);

    @Test
    void find_returnsWhatWasInserted() {
        Operation started = inserted(setId("Des1"), 0);
        assertThat(one(tx -> stores.operations().find(tx, started.id()))).contains(started);
        assertThat(one(tx -> stores.operations().find(tx, new OperationId(UUID.randomUUID()))))
                .isEmpty();
    }

    @Test
    void running_isTheOldestUnfinishedOnTheResource() {
        Operation second = inserted(setId("des1"), 2);
        Operation first = inserted(setId("DES1"), 1);
        inserted(vmId("des1"), 0);

        assertThat(running("des1")).contains(first.id());
        run(tx -> stores.operations().end(tx, first.id(), Optional.empty(), NOW));
        assertThat(running("des1")).contains(second.id());
        run(tx -> stores.operations().end(tx, second.id(), Optional.empty(), NOW));
        assertThat(running("des1")).isEmpty();
    }

    @Test
    void claim_takesTheOldestFirstAndNobodyElseGetsThem() {
        Operation b = inserted(vmId("b"), 2);
        Operation a = inserted(vmId("a"), 1);
        Operation c = inserted(vmId("c"), 3);

        List<Operation> mine = claim("n1", NOW, 2);
        List<Operation> theirs = claim("n2", NOW, 2);

        assertThat(mine).extracting(Operation::id).containsExactly(a.id(), b.id());
        assertThat(mine).allMatch(o -> o.attempts() == 1 && o.running());
        assertThat(theirs).extracting(Operation::id).containsExactly(c.id());
        assertThat(Stream.of(mine, theirs).flatMap(List::stream).map(Operation::fence))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void claim_ofALeaseThatRanOut_fencesTheFormerOwnerOff() {
        Operation op = inserted(vmId("a"), 0);
        long first = claim("n1", NOW, 1).getFirst().fence();

        assertThat(claim("n2", UNTIL.minusMillis(1), 1)).isEmpty();
        assertThat(holds(op, first)).isTrue();
        Operation again = claim("n2", UNTIL, 1).getFirst();

        assertThat(again.fence()).isGreaterThan(first);
        assertThat(again.attempts()).isEqualTo(2);
        assertThat(again.losses()).isEqualTo(1);
        assertThat(holds(op, first)).isFalse();
        assertThat(holds(op, again.fence())).isTrue();
        assertThat(did(tx -> stores.operations().extend(tx, op.id(), first, UNTIL.plusSeconds(99))))
                .isFalse();
        run(tx -> stores.operations().release(tx, op.id(), first, NOW));
        assertThat(claim("n3", NOW, 1)).isEmpty();
    }

    @Test
    void claim_ofAnyOperation_isAboveEveryEarlierClaim_evenOfOthers() {
        Operation a = inserted(vmId("a"), 0);
        long first = claim("n1", NOW, 1).getFirst().fence();
        run(tx -> stores.operations().end(tx, a.id(), Optional.empty(), NOW));
        inserted(vmId("a"), 1);
        assertThat(claim("n1", NOW, 1).getFirst().fence()).isGreaterThan(first);
    }

    @Test
    void fenceAbove_liftsLaterClaims_andNeverLowersThem() {
        inserted(vmId("a"), 0);
        inserted(vmId("b"), 1);
        run(tx -> stores.operations().fenceAbove(tx, new Fence(1_000)));
        assertThat(claim("n1", NOW, 1).getFirst().fence()).isEqualTo(1_001);
        run(tx -> stores.operations().fenceAbove(tx, new Fence(5)));
        assertThat(claim("n1", NOW, 1).getFirst().fence()).isEqualTo(1_002);
    }

    @Test
    void leap_liftsLaterClaimsByThatMuch_overBothCounts() {
        inserted(vmId("a"), 0);
        inserted(vmId("b"), 1);
        run(tx -> stores.operations().leap(tx, new Fence(50), 1_000));
        assertThat(claim("n1", NOW, 1).getFirst().fence()).isEqualTo(1_051);
        run(tx -> stores.operations().leap(tx, new Fence(5), 1_000));
        assertThat(claim("n1", NOW, 1).getFirst().fence()).isEqualTo(2_052);
    }

    @Test
    void refence_isAboveEveryClaim_andTheFormerNumberHoldsNoMore() {
        Operation op = inserted(vmId("a"), 0);
        Operation other = inserted(vmId("b"), 1);
        long first = claim("n1", NOW, 1).getFirst().fence();
        long others = claim("n1", NOW, 1).getFirst().fence();

        Operation again = refenced(op, first).orElseThrow();

        assertThat(again.fence()).isGreaterThan(others);
        assertThat(again.attempts()).isEqualTo(1);
        assertThat(holds(op, first)).isFalse();
        assertThat(holds(op, again.fence())).isTrue();
        assertThat(claim("n2", NOW, 9)).as("the lease stays").isEmpty();
        assertThat(refenced(op, first)).isEmpty();
        assertThat(holds(other, others)).isTrue();
    }

    @Test
    void waits_saysWhatFor_countsNothing_andIsForgottenAtTheEnd() {
        Operation op = inserted(vmId("a"), 0);
        long fence = claim("n1", NOW, 1).getFirst().fence();
        ErrorInfo what = ErrorInfo.of("WaitingForHost", "the host is silent");
        run(tx -> stores.operations().waits(tx, op.id(), fence, NOW.plusSeconds(5), what));

        assertThat(claim("n1", NOW.plusSeconds(4), 1)).isEmpty();
        Operation again = claim("n1", NOW.plusSeconds(5), 1).getFirst();
        assertThat(again.error()).contains(what);
        assertThat(again.failures()).isZero();
        run(tx -> stores.operations().end(tx, op.id(), Optional.empty(), NOW.plusSeconds(6)));
        assertThat(one(tx -> stores.operations().find(tx, op.id()))
                        .orElseThrow()
                        .error())
                .isEmpty();
    }

    @Test
    void extend_keepsOthersOff() {
        Operation op = inserted(vmId("a"), 0);
        long fence = claim("n1", NOW, 1).getFirst().fence();

        assertThat(did(tx -> stores.operations().extend(tx, op.id(), fence, UNTIL.plusSeconds(30))))
                .isTrue();
        assertThat(claim("n2", UNTIL, 1)).isEmpty();
    }

    @Test
    void release_makesItDueAgainFromThatTimeOn_andIsNoFailure() {
        Operation op = inserted(vmId("a"), 0);
        long fence = claim("n1", NOW, 1).getFirst().fence();
        run(tx -> stores.operations().release(tx, op.id(), fence, NOW.plusSeconds(5)));

        assertThat(claim("n1", NOW.plusSeconds(4), 1)).isEmpty();
        Operation again = claim("n1", NOW.plusSeconds(5), 1).getFirst();
        assertThat(again.attempts()).isEqualTo(2);
        assertThat(again.failures()).isZero();
    }

    @Test
    void failed_countsAFailure_andEndsARowOfLosses() {
        Operation op = inserted(vmId("a"), 0);
        claim("n1", NOW, 1);
        run(tx -> stores.operations().abandon(tx, new LeaseOwner("n1", UUID.randomUUID()), NOW));
        Operation second = claim("n1", NOW, 1).getFirst();
        assertThat(second.losses()).isEqualTo(1);
        run(tx -> stores.operations().failed(tx, op.id(), second.fence(), NOW.plusSeconds(1)));

        Operation third = claim("n1", NOW.plusSeconds(1), 1).getFirst();
        assertThat(third.failures()).isEqualTo(1);
        assertThat(third.losses()).isZero();
    }

    @Test
    void operationWhoseProcessDiesEachTime_restsEverLonger_andIsNeverForgotten() {
        inserted(vmId("a"), 0);
        for (int died = 1; died <= 10; died++) {
            assertThat(claim("n1", NOW, 1)).as("after %d deaths", died - 1).hasSize(1);
            run(tx -> stores.operations().abandon(tx, new LeaseOwner("n1", UUID.randomUUID()), NOW));
        }
        assertThat(claim("n1", NOW, 1)).extracting(Operation::losses).containsExactly(10);
        run(tx -> stores.operations().abandon(tx, new LeaseOwner("n1", UUID.randomUUID()), NOW));
        assertThat(claim("n1", NOW.plusSeconds(9), 1)).isEmpty();
        assertThat(claim("n1", NOW.plusSeconds(10), 1)).hasSize(1);
        run(tx -> stores.operations().abandon(tx, new LeaseOwner("n1", UUID.randomUUID()), NOW));
        assertThat(claim("n1", NOW.plusSeconds(19), 1)).isEmpty();
        assertThat(claim("n1", NOW.plusSeconds(20), 1)).hasSize(1);
    }

    @Test
    void claim_afterTheClockWasSetBack_takesWhatIsDueFarAhead() {
        Operation op = inserted(vmId("a"), 0);
        long fence = claim("n1", NOW, 1).getFirst().fence();
        run(tx -> stores.operations().release(tx, op.id(), fence, NOW.plus(Duration.ofDays(400))));

        assertThat(claim("n1", NOW, 1)).extracting(Operation::id).containsExactly(op.id());
    }

    @Test
    void abandon_dropsTheLeasesOfThatOwnerAlone() {
        Operation mine = inserted(vmId("a"), 0);
        long fence = claim("n1", NOW, 1).getFirst().fence();
        inserted(vmId("b"), 1);
        claim("n2", NOW, 1);

        run(tx -> stores.operations().abandon(tx, new LeaseOwner("n1", UUID.randomUUID()), NOW));

        assertThat(holds(mine, fence)).isTrue();
        assertThat(claim("n1", NOW, 9)).extracting(Operation::id).containsExactly(mine.id());
    }

    @Test
    void abandon_atAStart_leavesItsOwnLeases_andThoseOfNamesThatBeginLikeItsOwn() {
        LeaseOwner before = new LeaseOwner("n1", UUID.randomUUID());
        LeaseOwner now = new LeaseOwner("n1", UUID.randomUUID());
        Operation left = inserted(vmId("a"), 0);
        Operation mine = inserted(vmId("b"), 1);
        Operation longer = inserted(vmId("c"), 2);
        assertThat(claim(before, NOW, 1)).hasSize(1);
        assertThat(claim(now, NOW, 1)).hasSize(1);
        claim("n10", NOW, 1);

        run(tx -> stores.operations().abandon(tx, now, NOW));

        assertThat(claim("n2", NOW, 9)).extracting(Operation::id).containsExactly(left.id());
        assertThat(claim("n2", UNTIL, 9)).extracting(Operation::id).contains(mine.id(), longer.id());
    }

    @Test
    void handBack_makesItDueAtOnce_andCountsNothing() {
        Operation op = inserted(vmId("a"), 0);
        claim("n1", NOW, 1);
        run(tx -> stores.operations().abandon(tx, new LeaseOwner("n1", UUID.randomUUID()), NOW));
        long fence = claim("n1", NOW, 1).getFirst().fence();

        run(tx -> stores.operations().handBack(tx, op.id(), fence));

        Operation again = claim("n2", NOW, 1).getFirst();
        assertThat(again.losses()).as("the one from before").isEqualTo(1);
        assertThat(again.failures()).isZero();
        run(tx -> stores.operations().handBack(tx, op.id(), fence));
        assertThat(claim("n3", NOW, 1)).as("a former lease gives nothing back").isEmpty();
    }

    @Test
    void end_keepsTheErrorWithItsDetails() {
        Operation op = inserted(vmId("a"), 0);
        ErrorInfo error = ErrorInfo.at("/x", "OperationNotAllowed", "not \"now\"")
                .with(List.of(ErrorInfo.of("VmNotStopped", "web1"), ErrorInfo.of("VmNotStopped", "web2")));

        run(tx -> stores.operations().end(tx, op.id(), Optional.of(error), NOW.plusSeconds(1)));

        Operation ended = one(tx -> stores.operations().find(tx, op.id())).orElseThrow();
        assertThat(ended.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(ended.error()).contains(error);
        assertThat(ended.endedAt()).contains(NOW.plusSeconds(1));
        assertThat(claim("n1", NOW.plusSeconds(999), 9)).isEmpty();
        assertThatThrownBy(() -> run(tx -> stores.operations().end(tx, op.id(), Optional.empty(), NOW)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancel_endsItAsCanceledWithTheReason() {
        Operation op = inserted(vmId("a"), 0);
        long fence = claim("n1", NOW, 1).getFirst().fence();
        ErrorInfo why = ErrorInfo.at("/x", "VerificationCanceled", "because");

        run(tx -> stores.operations().cancel(tx, op.id(), why, NOW.plusSeconds(1)));

        Operation ended = one(tx -> stores.operations().find(tx, op.id())).orElseThrow();
        assertThat(ended.status()).isEqualTo(OperationStatus.CANCELED);
        assertThat(ended.running()).isFalse();
        assertThat(ended.error()).contains(why);
        assertThat(ended.endedAt()).contains(NOW.plusSeconds(1));
        assertThat(holds(op, fence)).isFalse();
        assertThat(claim("n1", NOW.plusSeconds(999), 9)).isEmpty();
        assertThatThrownBy(() -> run(tx -> stores.operations().end(tx, op.id(), Optional.empty(), NOW)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void progress_isShownWhileItRuns() {
        Operation op = inserted(vmId("a"), 0);
        run(tx -> stores.operations().progress(tx, op.id(), 42));
        assertThat(one(tx -> stores.operations().find(tx, op.id()))
                        .orElseThrow()
                        .percentComplete())
                .contains(42);
    }

    @Test
    void forgetEndedBefore_forgetsOnlyWhatEndedBefore() {
        Operation old = inserted(vmId("a"), 0);
        Operation young = inserted(vmId("b"), 0);
        Operation running = inserted(vmId("c"), 0);
        run(tx -> stores.operations().end(tx, old.id(), Optional.empty(), NOW));
        run(tx -> stores.operations().end(tx, young.id(), Optional.empty(), NOW.plusSeconds(10)));

        int forgotten =
                transactions().<Integer>write(tx -> stores.operations().forgetEndedBefore(tx, NOW.plusSeconds(10)));

        assertThat(forgotten).isEqualTo(1);
        assertThat(one(tx -> stores.operations().find(tx, old.id()))).isEmpty();
        assertThat(one(tx -> stores.operations().find(tx, young.id()))).isPresent();
        assertThat(one(tx -> stores.operations().find(tx, running.id()))).isPresent();
    }

    private Operation inserted(ArmId target, int second) {
        Operation operation = new Operation(
                new OperationId(UUID.randomUUID()),
                OperationKind.START_VM,
                target,
                Map.of("key", "value \u20ac"),
                "admin",
                UUID.randomUUID(),
                OperationStatus.IN_PROGRESS,
                NOW.plusSeconds(second),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                0);
        run(tx -> stores.operations().insert(tx, operation));
        return operation;
    }

    private Optional<Operation> refenced(Operation op, long fence) {
        return write(tx -> stores.operations().refence(tx, op.id(), fence));
    }

    private List<Operation> claim(String owner, Instant now, int limit) {
        return claim(new LeaseOwner(owner, UUID.nameUUIDFromBytes(owner.getBytes(StandardCharsets.UTF_8))), now, limit);
    }

    private List<Operation> claim(LeaseOwner who, Instant now, int limit) {
        return write(tx -> stores.operations().claim(tx, who, now, UNTIL, limit));
    }

    private boolean holds(Operation operation, long fence) {
        return transactions().<Boolean>read(tx -> stores.operations().holds(tx, operation.id(), fence));
    }

    private Optional<OperationId> running(String set) {
        return one(tx -> stores.operations().running(tx, setId(set))).map(Operation::id);
    }
}

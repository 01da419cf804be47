package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Many at one resource: nobody is told that a condition failed who sent none. */
class ContentionTest {
    private static final int CALLERS = 40;
    private static final ArmId ID = ArmId.parse(Bodies.SET).orElseThrow();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"diskEncryptionSets/des", "virtualMachines/vm1", "disks/d"})
    void patchesAtTheSameTime_allTakeEffect(String name) throws Exception {
        try (ArmRig rig = new ArmRig(directory);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            rig.call("PUT", ArmRig.GROUP, Bodies.group());
            rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
            rig.call("PUT", Bodies.COMPUTE + "/virtualMachines/vm1", Bodies.vm("vm1"));
            rig.call("PUT", Bodies.COMPUTE + "/disks/d", Bodies.disk());
            rig.settle();
            String path = Bodies.COMPUTE + "/" + name;
            CountDownLatch all = new CountDownLatch(CALLERS);
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                String body = "{\"properties\":{\"field" + i + "\":{\"n\":" + i + "}}}";
                answers.add(threads.submit(() -> {
                    all.countDown();
                    all.await();
                    return rig.call("PATCH", path, body);
                }));
            }
            for (Future<Response> answer : answers) {
                assertThat(answer.get().status())
                        .as(ArmRig.body(answer.get()).toString())
                        .isIn(200, 202);
            }
            JsonNode properties = ArmRig.body(rig.call("GET", path)).path("properties");
            for (int i = 0; i < CALLERS; i++) {
                assertThat(properties.path("field" + i).path("n").intValue()).isEqualTo(i);
            }
        }
    }

    private static DomainException changed() {
        return new DomainError.PreconditionFailed(ErrorInfo.of("PreconditionFailed", "at another ETag")).asException();
    }

    @Test
    void whatNeverFits_isAConflictToTryAgain_notAFailedCondition() {
        AtomicInteger tries = new AtomicInteger();
        Patching patching = new Patching();
        assertThatThrownBy(() -> patching.untilUnchanged(ID, Precondition.NONE, () -> {
                    tries.incrementAndGet();
                    throw changed();
                }))
                .isInstanceOfSatisfying(DomainException.class, e -> {
                    assertThat(ErrorStatus.of(e.error())).isEqualTo(409);
                    assertThat(ErrorStatus.withRetry(Response.empty(409), e.error())
                                    .headers())
                            .containsEntry("Retry-After", "1");
                });
        assertThat(tries).hasValue(Patching.TRIES);
        assertThat(patching.busy()).isZero();
    }

    @Test
    void aConditionOfTheClientsOwn_isCheckedOnce_andItsFailureIs412() {
        AtomicInteger tries = new AtomicInteger();
        for (Precondition asked : List.of(
                Precondition.revision(7),
                new Precondition(Optional.empty(), Optional.of(new Precondition.Tags(true, Set.of()))))) {
            tries.set(0);
            assertThatThrownBy(() -> new Patching().untilUnchanged(ID, asked, () -> {
                        tries.incrementAndGet();
                        throw changed();
                    }))
                    .isInstanceOfSatisfying(
                            DomainException.class,
                            e -> assertThat(ErrorStatus.of(e.error())).isEqualTo(412));
            assertThat(tries).hasValue(1);
        }
    }

    @Test
    void whoGetsNoTurnInTime_isToTryAgain() throws Exception {
        Patching patching = new Patching(Duration.ZERO);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> patching.untilUnchanged(ID, Precondition.NONE, () -> {
                inside.countDown();
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return "done";
            }));
            inside.await();
            assertThatThrownBy(() -> patching.untilUnchanged(ID, Precondition.NONE, () -> "never"))
                    .isInstanceOfSatisfying(
                            DomainException.class,
                            e -> assertThat(ErrorStatus.of(e.error())).isEqualTo(409));
            leave.countDown();
            assertThat(first.get()).isEqualTo("done");
        }
        assertThat(patching.busy()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-Match", "If-None-Match"})
    void aConditionThatIsBlank_isRefused(String header) {
        try (ArmRig rig = new ArmRig(directory)) {
            rig.call("PUT", ArmRig.GROUP, Bodies.group());
            rig.call("PUT", Bodies.SET, Bodies.set(rig.vault.create(1)));
            for (String path : List.of(ArmRig.GROUP, Bodies.SET)) {
                for (String blank : List.of("", "  ")) {
                    Response answer = rig.as("owner", "PATCH", path, "{\"tags\":{}}", Map.of(header, blank));
                    assertThat(answer.status()).isEqualTo(400);
                    assertThat(ArmRig.body(answer).path("error").path("message").asString())
                            .contains(header);
                }
            }
        }
    }
}

package dev.keyturn.server.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.Patching;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.json.Json;
import dev.keyturn.server.AtOnce;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import java.nio.charset.StandardCharsets;
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
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Many at one resource: nobody is told that a condition failed who sent none. */
class ContentionTest {
    private static final int CALLERS = AtOnce.CALLERS;
    private static final ArmId ID = ArmId.parse(Bodies.SET).orElseThrow();

    @TempDir
    Path directory;

    /** A resource that is written: where, and a body that makes it. Its PATCH adds a field; its PUT is the body. */
    record Written(String path, String body) {
        @Override
        public String toString() {
            return path.substring(path.lastIndexOf("Microsoft.") + 1);
        }
    }

    private static List<Written> written() {
        List<Written> all = new ArrayList<>(List.of(
                new Written(ArmRig.GROUP, Bodies.group()),
                new Written(Bodies.SET, Bodies.set("KEY")),
                new Written(Bodies.COMPUTE + "/virtualMachines/vm1", Bodies.vm("vm1")),
                new Written(Bodies.COMPUTE + "/disks/d", Bodies.disk()),
                new Written(Bodies.COMPUTE + "/images/i", ImageRoutesTest.image("")),
                new Written(
                        ArmRig.GROUP + "/providers/" + UserAssignedIdentityService.TYPE + "/identity",
                        "{\"location\": \"westeurope\"}")));
        GenericResourceService.OPAQUE.forEach(type ->
                all.add(new Written(ArmRig.GROUP + "/providers/" + type + "/n", "{\"location\": \"westeurope\"}")));
        return all;
    }

    private ArmRig rig(boolean withAll) {
        ArmRig rig = new ArmRig(directory);
        ImageFiles.raw(directory, "debian-12.raw", 1L << 30);
        String key = rig.vault.create(1);
        for (Written each : withAll ? written() : written().subList(0, 2)) {
            assertThat(rig.call("PUT", each.path(), each.body().replace("KEY", key))
                            .status())
                    .as(each.path())
                    .isIn(200, 201, 202);
        }
        rig.settle();
        return rig;
    }

    private static void assertStatus(Response answer, Integer... expected) {
        assertThat(answer.status()).as(ArmRig.body(answer).toString()).isIn((Object[]) expected);
    }

    @ParameterizedTest
    @MethodSource("written")
    void patchesAtTheSameTime_allTakeEffect(Written it) throws Exception {
        try (ArmRig rig = rig(true)) {
            AtOnce.call(i -> rig.call("PATCH", it.path(), "{\"properties\":{\"field" + i + "\":{\"n\":" + i + "}}}"))
                    .forEach(answer -> assertStatus(answer, 200, 202));
            JsonNode properties = ArmRig.body(rig.call("GET", it.path())).path("properties");
            for (int i = 0; i < CALLERS; i++) {
                assertThat(properties.path("field" + i).path("n").intValue()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("written")
    void putsAtTheSameTime_leaveOneOfThem(Written it) throws Exception {
        try (ArmRig rig = rig(true)) {
            String key = ArmRig.body(rig.call("GET", Bodies.SET))
                    .path("properties")
                    .path("activeKey")
                    .path("keyUrl")
                    .asString();
            ObjectNode body = Json.parseObject(it.body().replace("KEY", key).getBytes(StandardCharsets.UTF_8));
            AtOnce.call(i -> {
                        ObjectNode mine = body.deepCopy();
                        mine.putObject("tags").put("n", "n" + i);
                        return rig.call("PUT", it.path(), mine.toString());
                    })
                    .forEach(answer -> assertStatus(answer, 200, 202));
            assertThat(ArmRig.body(rig.call("GET", it.path()))
                            .path("tags")
                            .path("n")
                            .asString())
                    .startsWith("n");
        }
    }

    @ParameterizedTest
    @MethodSource("written")
    void putsOfWhatIsNotThere_makeItOnce(Written it) throws Exception {
        try (ArmRig rig = rig(false)) {
            String key = rig.vault.create(1);
            String path = it.path() + "-new";
            List<Response> answers =
                    AtOnce.call(i -> rig.call("PUT", path, it.body().replace("KEY", key)));
            // what is still in the making, or was made meanwhile, is a conflict to come back to
            answers.forEach(answer -> assertStatus(answer, 200, 201, 202, 409));
            rig.settle();
            assertStatus(rig.call("GET", path), 200);
        }
    }

    /** A PATCH of what is deleted meanwhile finds nothing; it neither makes it again nor meets a fault. */
    @ParameterizedTest
    @MethodSource("written")
    void patchesBesideADeletion_findItOrNot(Written it) throws Exception {
        try (ArmRig rig = rig(true)) {
            boolean first = it.path().equals(Bodies.SET) || it.path().equals(ArmRig.GROUP);
            if (first) {
                return; // in use, so that it is not deleted at once
            }
            AtOnce.call(i -> i == CALLERS / 2
                            ? rig.call("DELETE", it.path())
                            : rig.call("PATCH", it.path(), "{\"properties\":{\"field\":" + i + "}}"))
                    .forEach(answer -> assertStatus(answer, 200, 202, 204, 404, 409));
            rig.settle();
            assertStatus(rig.call("GET", it.path()), 404);
        }
    }

    @Test
    void everyResourceThatIsWritten_isAmongThem() {
        try (ArmRig rig = new ArmRig(directory)) {
            List<Pattern> doors = rig.patterns().stream()
                    .filter(d -> d.method().equals("PATCH") || d.method().equals("PUT"))
                    .map(RoutePattern::template)
                    .filter(t -> !t.startsWith("/keyturn/")) // faults are asked for by those who test
                    .filter(t -> !t.contains("/roleAssignments/")) // made once, and never changed
                    .map(t -> Pattern.compile("(?i)" + t.replaceAll("\\{[a-z]+\\}", "[^/]+")))
                    .toList();
            assertThat(doors)
                    .hasSizeGreaterThan(15)
                    .allSatisfy(door -> assertThat(written())
                            .anyMatch(w -> door.matcher(w.path()).matches()));
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

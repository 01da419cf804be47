package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while eight clients write, three times: what was acknowledged is there and recorded, what is recorded is
 * there, and what is there is recorded once. The chain is whole over all of it.
 */
class AuditKillTest {
    private static final int CLIENTS = 8;
    private static final int ACKNOWLEDGED = 60;
    private static final String WRITE = "Microsoft.Resources/subscriptions/resourceGroups/write";

    @TempDir
    private Path data = Path.of("");

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> ends = ConcurrentHashMap.newKeySet();
    private final AtomicInteger names = new AtomicInteger();

    @Test
    void aKill_leavesNoAcknowledgedWriteWithoutItsRecord_andNoRecordWithoutItsWrite() throws Exception {
        int port = 0;
        for (int round = 1; round <= 3; round++) {
            try (ServerProcess server = start(port);
                    Api api = new Api(server.env())) {
                port = server.port();
                writeUntilKilled(server, api);
            }
        }
        try (ServerProcess server = start(port);
                Api api = new Api(server.env())) {
            Set<String> there = groups(api);
            List<String> recorded = recorded(api);
            assertThat(there).hasSizeGreaterThanOrEqualTo(3 * ACKNOWLEDGED).containsAll(acknowledged);
            assertThat(recorded).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(there);
            ServerProcess.Ended verified = ServerProcess.run("audit", "verify", "--data", data.toString());
            assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
        }
    }

    private ServerProcess start(int port) {
        return port == 0 ? ServerProcess.start(data) : ServerProcess.start(data, "--port", Integer.toString(port));
    }

    private void writeUntilKilled(ServerProcess server, Api api) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> {
                    try {
                        while (true) {
                            writeOne(api);
                            enough.countDown();
                        }
                    } catch (RuntimeException e) {
                        ends.add(String.valueOf(e)); // the server was killed
                    }
                });
            }
            assertThat(enough.await(30, TimeUnit.SECONDS)).as("%s", ends).isTrue();
            server.killHard();
        }
    }

    private void writeOne(Api api) {
        String name = "g" + names.incrementAndGet();
        Answer answer =
                api.arm("PUT", "/resourceGroups/" + name, "2021-04-01", Ground.body("{\"location\":\"westeurope\"}"));
        assertThat(answer.status()).isEqualTo(201);
        acknowledged.add(name);
    }

    private static Set<String> groups(Api api) {
        return api.list("/resourceGroups", "2021-04-01").stream()
                .map(g -> Answer.text(g, "name"))
                .collect(Collectors.toSet());
    }

    /** The names of the groups that the record says were written. */
    private static List<String> recorded(Api api) {
        List<String> names = new ArrayList<>();
        String next = "/keyturn/audit?action=" + WRITE + "&outcome=ALLOWED&$top=500";
        while (!next.isEmpty()) {
            Answer page = api.own("GET", next, Optional.empty());
            page.body().path("value").forEach(record -> {
                String scope = Answer.text(record, "scope");
                names.add(scope.substring(scope.lastIndexOf('/') + 1));
            });
            String server = api.env().server().toString();
            next = page.text("nextLink").replace(server, "");
        }
        return names;
    }
}

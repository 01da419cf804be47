package dev.keyturn.bench;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.client.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An ordinary client's requests, alone and beside a {@link Flood}, while a fleet of simulated VMs rotates: how long each
 * takes. The server is a process of its own with {@code -Xmx128m}, the client and the flood are this one.
 */
public final class LimitsBench {
    private static final int HELD = 500;
    private static final int STRANGERS = 1_000;
    private static final int ABANDONED = 200;
    private static final Duration TIME = Duration.ofSeconds(10);

    private final Report report = new Report(System.out);

    public static void main(String[] arguments) throws Exception {
        int vms = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        new LimitsBench().run(vms);
    }

    private void run(int vms) throws Exception {
        try (Scratch scratch = Scratch.create()) {
            Process server = start(scratch.directory(), "-Xmx128m");
            try (Api api = new Api(ClientEnv.read(scratch.directory().resolve("client.env")))) {
                SmallFleet fleet = SmallFleet.create(api, "limits", vms);
                report.title("An ordinary client beside a flood: " + vms + " VMs rotate, the server has 128 MB");
                measure(fleet, "warm up", () -> {});
                Latencies alone = measure(fleet, "alone", () -> {});
                Latencies beside;
                try (Flood flood = Flood.of(api, "limits")) {
                    beside = measure(fleet, "beside the flood", () -> flood(flood));
                    measure(fleet, "beside one address's handshakes", () -> handshakes(flood, 1));
                    measure(fleet, "beside eight addresses' handshakes", () -> handshakes(flood, 8));
                }
                report.line("p50 beside / alone", beside.at(50) / alone.at(50), "");
                report.line("p99 beside / alone", beside.at(99) / alone.at(99), "");
                report.line("the server lives", Boolean.toString(server.isAlive()), "");
            } finally {
                server.destroy();
                if (!server.waitFor(20, TimeUnit.SECONDS)) {
                    server.destroyForcibly();
                }
            }
        }
    }

    /** What happens besides; may take as long as it likes. */
    private interface Besides {
        void run() throws Exception;
    }

    private void handshakes(Flood flood, int addresses) throws InterruptedException {
        report.line("handshakes", flood.handshakes(addresses, TIME) / (double) TIME.toSeconds(), "/s");
    }

    private void flood(Flood flood) throws InterruptedException {
        try (ExecutorService together =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Future<Integer> held = together.submit(() -> flood.hold(HELD));
            Future<?> keys = together.submit(() -> flood.abandonKeys(ABANDONED));
            Future<Integer> answered = together.submit(() -> flood.strangers(STRANGERS, TIME));
            keys.get();
            report.line("connections that hold a byte back", held.get(), "");
            report.line("key generations abandoned", ABANDONED, "");
            report.line("strangers' requests answered", answered.get() / (double) TIME.toSeconds(), "/s");
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Times requests for {@link #TIME}, beside a rotation and whatever else. */
    private Latencies measure(SmallFleet fleet, String name, Besides besides) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Double> seconds = new ArrayList<>();
        List<Double> keys = new ArrayList<>();
        int refused = 0;
        try (ExecutorService together =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Future<?> load = together.submit(() -> {
                besides.run();
                return true;
            });
            Future<Double> rotation = together.submit(() -> {
                Stopwatch watch = Stopwatch.start();
                int rounds = 0;
                while (!over.get()) {
                    fleet.rotate();
                    rounds++;
                }
                return watch.seconds() / rounds;
            });
            long end = System.nanoTime() + TIME.toNanos();
            for (int i = 0; System.nanoTime() < end || !load.isDone(); i++) {
                Stopwatch watch = Stopwatch.start();
                try {
                    if (i % 20 == 0) {
                        fleet.newKey("ordinary");
                        keys.add(watch.seconds());
                    } else if (i % 2 == 0) {
                        fleet.readSet();
                        seconds.add(watch.seconds());
                    } else {
                        fleet.wrap();
                        seconds.add(watch.seconds());
                    }
                } catch (RefusedException e) {
                    refused++;
                }
            }
            over.set(true);
            load.get();
            Latencies out = new Latencies(seconds.stream().sorted().toList());
            Latencies made = new Latencies(keys.stream().sorted().toList());
            report.line(name + ": reads and wraps p50", out.at(50) * 1e3, "ms");
            report.line(name + ": reads and wraps p99", out.at(99) * 1e3, "ms");
            report.line(name + ": reads and wraps, longest", out.at(100) * 1e3, "ms");
            report.line(name + ": new RSA-2048 keys p50", made.at(50) * 1e3, "ms");
            report.line(name + ": new RSA-2048 keys, longest", made.at(100) * 1e3, "ms");
            report.line(name + ": refused", refused, "");
            report.line(name + ": one rotation", rotation.get(), "s");
            return out;
        }
    }

    /** Sorted. */
    private record Latencies(List<Double> seconds) {
        double at(int percent) {
            if (seconds.isEmpty()) {
                return Double.NaN;
            }
            return seconds.get(Math.min(seconds.size() - 1, seconds.size() * percent / 100));
        }
    }

    /** A server on the directory that is ready, with these options of the JVM. */
    static Process start(Path data, String options) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of("keyturn").toAbsolutePath().toString(), "up", "--data", data.toString(), "--port", "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("KEYTURN_JAVA_OPTIONS", options);
        Process server = builder.start();
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("the server ended before it was ready");
        }
        return server;
    }
}

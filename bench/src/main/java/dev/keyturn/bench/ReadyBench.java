package dev.keyturn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From {@code ./keyturn up} to its ready line, each time in a process of its own: on a new data directory, and again on
 * the same one. The tree is built before the clock starts.
 */
public final class ReadyBench {
    private final Path keyturn;

    private ReadyBench(Path keyturn) {
        this.keyturn = keyturn;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        ReadyBench bench = new ReadyBench(Path.of("keyturn").toAbsolutePath());
        bench.build();
        List<Start> first = new ArrayList<>();
        List<Start> again = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            try (Scratch scratch = Scratch.create()) {
                first.add(bench.start(scratch.directory()));
                again.add(bench.start(scratch.directory()));
            }
        }
        Report report = new Report(System.out);
        report.title("./keyturn up, to the ready line, median of " + rounds);
        print(report, "first start (makes CA, keys, administrator)", first);
        print(report, "start on existing data", again);
    }

    /** Processor time too: on a busy machine it says more than the clock on the wall. */
    private record Start(double seconds, double processorSeconds) {}

    private static void print(Report report, String what, List<Start> starts) {
        report.line(what, Report.median(starts.stream().map(Start::seconds).toList()), "s");
        report.line(
                "  processor time of it",
                Report.median(starts.stream().map(Start::processorSeconds).toList()),
                "s");
    }

    private void build() throws IOException, InterruptedException {
        int status = new ProcessBuilder(keyturn.toString(), "version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("./keyturn version ended with " + status);
        }
    }

    private Start start(Path data) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Stopwatch watch = Stopwatch.start();
        Process server = new ProcessBuilder(
                        keyturn.toString(), "up", "--data", data.toString(), "--port", Integer.toString(port))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder said = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.contains("https://")) {
                    double seconds = watch.seconds();
                    Duration processor =
                            server.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
                    return new Start(seconds, processor.toMillis() / 1_000.0);
                }
                said.append(line).append('\n');
            }
            throw new IllegalStateException("the server ended before it was ready:\n" + said);
        } finally {
            server.destroy();
            if (!server.waitFor(20, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }
}

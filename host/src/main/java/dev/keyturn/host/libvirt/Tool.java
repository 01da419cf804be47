package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs one of the host's programs, which ends with this process. A secret goes in through standard input and nowhere
 * else; what the program says comes back as text, the newest few thousand characters of it. Thread-safe.
 */
final class Tool {
    private static final int KEPT = 4_000;
    /** Nothing else of this process's environment is a program's business; there may be secrets among it. */
    private static final Set<String> HANDED_ON =
            Set.of("PATH", "HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME");
    /** The one thread that starts programs: it lasts as long as this process, and they no longer than it. */
    private static final ExecutorService STARTS = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("program-starts").factory());

    private Tool() {}

    /** What a program answered: its exit status and what it wrote, standard error and output together. */
    record Answer(int status, String said) {
        boolean well() {
            return status == 0;
        }

        /** The last thing it said, for a message. */
        String lastLine() {
            return said.lines()
                    .filter(l -> !l.isBlank())
                    .reduce((_, last) -> last)
                    .map(String::strip)
                    .orElse("it said nothing, and ended with status " + status);
        }
    }

    /**
     * How a program is run. {@code user} is whom it runs as where that is another than this process's; {@code script} is
     * what a shell does with its words.
     */
    record Way(Optional<String> user, String script) {
        static final Way PLAIN = new Way(Optional.empty(), "exec \"$@\"");
    }

    static Answer run(Duration limit, Optional<SecretBytes> secret, String... command) {
        return run(limit, secret, _ -> {}, List.of(command));
    }

    static Answer run(Duration limit, Optional<SecretBytes> secret, Consumer<String> heard, List<String> command) {
        return run(Way.PLAIN, limit, secret, heard, command);
    }

    /**
     * {@code heard} gets each line, or part of one that ends in a carriage return, as it comes.
     *
     * @throws ToolFailedException where the program cannot be run, or takes longer than {@code limit}
     */
    static Answer run(
            Way way, Duration limit, Optional<SecretBytes> secret, Consumer<String> heard, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(wrapped(way, command)).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(HANDED_ON);
        environment.put("LC_ALL", "C");
        Process process;
        try {
            process = STARTS.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new ToolFailedException(command.getFirst() + " cannot be run: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolFailedException(command.getFirst() + " was interrupted");
        }
        try {
            StringBuilder said = new StringBuilder();
            Thread reader = Thread.ofVirtual().start(() -> listen(process.getInputStream(), said, heard));
            give(process.getOutputStream(), secret);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException();
            }
            reader.join();
            synchronized (said) {
                return new Answer(process.exitValue(), said.toString());
            }
        } catch (TimeoutException e) {
            throw new ToolFailedException(command.getFirst() + " did not end within " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolFailedException(command.getFirst() + " was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * The kernel kills the program when the thread that started it ends, and so when this process is killed; a program
     * whose parent is another already is not run (setpriv(1), PR_SET_PDEATHSIG).
     */
    private static List<String> wrapped(Way way, List<String> command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        way.user().ifPresent(u -> all.addAll(List.of("--reuid", u, "--regid", u, "--init-groups")));
        String parent = Long.toString(ProcessHandle.current().pid());
        all.addAll(List.of("sh", "-c", "[ \"$PPID\" = \"$0\" ] || exit 125; " + way.script(), parent));
        all.addAll(command);
        return all;
    }

    private static void give(OutputStream in, Optional<SecretBytes> secret) {
        try (in) {
            if (secret.isPresent()) {
                secret.get().reveal(bytes -> {
                    try {
                        // The JDK's stream keeps a copy in its buffer, which lives as long as the process's object.
                        in.write(bytes);
                        in.flush();
                        return true;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } catch (IOException | UncheckedIOException e) {
            // The program ended without reading; its status and words say why.
            return;
        }
    }

    private static void listen(InputStream out, StringBuilder said, Consumer<String> heard) {
        StringBuilder line = new StringBuilder();
        byte[] buffer = new byte[1024];
        try {
            for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
                String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                synchronized (said) {
                    said.append(text);
                    if (said.length() > 2 * KEPT) {
                        said.delete(0, said.length() - KEPT);
                    }
                }
                for (int i = 0; i < text.length(); i++) {
                    char c = text.charAt(i);
                    if (c == '\n' || c == '\r') {
                        heard.accept(line.toString());
                        line.setLength(0);
                    } else if (line.length() < KEPT) {
                        line.append(c);
                    }
                }
            }
        } catch (IOException e) {
            // The process was ended; what it said so far is what there is.
            return;
        }
    }
}

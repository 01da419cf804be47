package dev.keyturn.node;

import dev.keyturn.core.time.Elapsed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Linux's count since the machine was booted, which goes on while it sleeps and while the server is not running. Where
 * there is none, the time since this process began, as a run of its own.
 */
public final class BootTime implements Elapsed {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path UPTIME = Path.of("/proc/uptime");

    private final String boot;
    private final Duration upAtBegin;
    private final long begin = System.nanoTime();

    public BootTime() {
        String found = "process " + UUID.randomUUID();
        Duration up = Duration.ZERO;
        try {
            up = up();
            found = Files.readString(BOOT, StandardCharsets.US_ASCII).strip();
        } catch (IOException | NumberFormatException e) {
            up = Duration.ZERO;
        }
        boot = found;
        upAtBegin = up;
    }

    @Override
    public Reading read() {
        Duration here = upAtBegin.plusNanos(System.nanoTime() - begin);
        if (upAtBegin.isZero()) {
            return new Reading(boot, here);
        }
        try {
            return new Reading(boot, up());
        } catch (IOException | NumberFormatException e) {
            return new Reading(boot, here);
        }
    }

    private static Duration up() throws IOException {
        String seconds = Files.readString(UPTIME, StandardCharsets.US_ASCII).split(" ", 2)[0];
        return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1_000));
    }
}

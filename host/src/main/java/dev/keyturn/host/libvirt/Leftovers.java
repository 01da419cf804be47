package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs that go on although what started them was killed. Those that this process starts end with it ({@link Tool});
 * swtpm_setup starts swtpm, which does not end with swtpm_setup.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final int SECONDS_TO_END = 5;

    private Leftovers() {}

    /** Ends the swtpm and swtpm_setup that have such a word on their command line. */
    static void end(Predicate<String> word) {
        List<ProcessHandle> left =
                ProcessHandle.allProcesses().filter(p -> isLeft(p, word)).toList();
        for (ProcessHandle process : left) {
            // The handle knows when its process began, and is not fooled by another one with its number.
            if (process.destroyForcibly()) {
                LOG.warn("ended a swtpm (process {}), left by a run that was cut off", process.pid());
                await(process);
            }
        }
    }

    private static boolean isLeft(ProcessHandle process, Predicate<String> word) {
        try {
            Path words = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            String[] all = Files.readString(words, StandardCharsets.ISO_8859_1).split("\u0000", -1);
            // swtpm_setup may be a script: its interpreter comes first, then itself.
            boolean swtpm = false;
            boolean asked = false;
            for (int i = 0; i < all.length; i++) {
                swtpm |= i < 2 && all[i].substring(all[i].lastIndexOf('/') + 1).startsWith("swtpm");
                asked |= word.test(all[i]);
            }
            return swtpm && asked;
        } catch (IOException e) {
            return false; // it ended
        }
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the process {} does not end", process.pid());
        }
    }
}

package dev.keyturn.bench.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;

/** No space where the data directory is, a file system of its own for this; in some rounds with a kill while it is full. */
final class DiskFull implements Strike {
    private static final int FIRST_MILLIS = 1_500;
    private static final int LENGTH_MILLIS = 2_500;
    private static final String SIZE = "size=24m,mode=0700";

    private final EmbeddedSite site;
    private final int first;
    private final int length;
    private final boolean kills;

    DiskFull(EmbeddedSite site, Random random) {
        this.site = site;
        first = random.nextInt(FIRST_MILLIS);
        length = 200 + random.nextInt(LENGTH_MILLIS);
        kills = random.nextBoolean();
    }

    /** Whether this process may mount, by trying it. */
    static boolean possible(Path scratch) throws IOException, InterruptedException {
        Files.createDirectories(scratch);
        return run("mount", "-t", "tmpfs", "-o", SIZE, "keyturn-faults", scratch.toString()) == 0
                && run("umount", scratch.toString()) == 0;
    }

    @Override
    public String text() {
        return "disk full for " + length + " ms after " + first + " ms" + (kills ? ", then killed" : "");
    }

    @Override
    public void before() throws IOException, InterruptedException {
        Files.createDirectories(site.data());
        if (run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        SIZE,
                        "keyturn-faults",
                        site.data().toString())
                != 0) {
            throw new IOException("cannot mount at " + site.data());
        }
    }

    @Override
    public void strike(Stage stage) throws IOException, InterruptedException, SQLException, Stage.StuckException {
        stage.sleep(first);
        Path filler = site.data().resolve("filler");
        fill(filler);
        stage.sleep(length);
        if (kills) {
            stage.kill(0);
        }
        Files.delete(filler);
        if (kills) {
            stage.startAll();
        }
    }

    private static void fill(Path filler) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!Files.exists(filler)) {
                throw e;
            }
        }
    }

    @Override
    public void after() throws IOException, InterruptedException {
        if (run("umount", site.data().toString()) != 0) {
            throw new IOException("cannot unmount " + site.data());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}

package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Deletes what the demo made on a server with real machines, through the API: machines, images and vTPM states go with
 * their VMs. Where the story is still being told, it is interrupted first.
 */
final class Farewell implements Runnable {
    /** VMs that are busy are waited for, and an emulated one takes its time to be made. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final long LISTENS_SECONDS = 15;

    private final Path env;
    private final Cast cast;
    private final Ground ground;
    private final Thread teller = Thread.currentThread();
    private final CountDownLatch told = new CountDownLatch(1);

    Farewell(Path env, Cast cast, Ground ground) {
        this.env = env;
        this.cast = cast;
        this.ground = ground;
    }

    /** The story has ended, one way or another. */
    void told() {
        told.countDown();
    }

    @Override
    public void run() {
        silence();
        AtomicReference<String> why = new AtomicReference<>("");
        try (Api api = new Api(ClientEnv.read(env))) {
            Estate estate = new Estate(api, cast, VmShape.GUEST);
            Optional<Boolean> gone = Api.poll(LIMIT, () -> {
                try {
                    estate.deleteGroup();
                    return Optional.of(true);
                } catch (CliException e) {
                    why.set(String.valueOf(e.getMessage()));
                    return Optional.empty();
                }
            });
            if (gone.isEmpty()) {
                throw CliException.failed("the demo's VMs could not be deleted and may still run (virsh -c "
                        + Libvirt.URI + " list); their files are in " + ground.root() + ": " + why.get());
            }
        }
    }

    private void silence() {
        if (told.getCount() == 0) {
            return;
        }
        System.err.println("keyturn: interrupted; deleting the demo's VMs ...");
        teller.interrupt();
        try {
            if (!told.await(LISTENS_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("keyturn: the demo does not stop where it is; deleting its VMs all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.keyturn.acceptance.browser;

import com.microsoft.playwright.Page;
import dev.keyturn.acceptance.Ground;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A picture of every page in every {@link Look}, for {@code build/screenshots}. It is no test by its name, so that only
 * that runs it.
 */
class Screenshots {
    private static final Path TO = Path.of(System.getProperty("keyturn.pictures", "target/pictures"));
    /** VMs of the large fleet. */
    private static final int MANY = Integer.getInteger("keyturn.pictures.vms", 0);

    /** Whether the two pictures are wanted that tell somebody what the portal is, and no others. */
    private static final boolean TWO = Boolean.getBoolean("keyturn.pictures.two");

    private static final List<Look> LOOKS =
            Stream.concat(Look.ALL.stream(), Look.EXTREMES.stream()).toList();

    private static final String LARGE = "many";

    @Test
    void take(@TempDir Path directory) throws ExecutionException, InterruptedException {
        try (Portal portal = Portal.start(directory.resolve("data"), "--limit", "requests=100000")) {
            if (!TWO) {
                take(portal, Sights.empty(), "empty");
                try (Portal outside = Portal.whosePeopleSignInAt(portal, directory.resolve("outside"))) {
                    take(outside, Sights.outside(), "empty");
                }
            }
            try (Showcase show = Showcase.on(portal, 12)) {
                if (TWO) {
                    take(
                            portal,
                            Sights.of(show).stream().filter(Screenshots::tells).toList(),
                            "readme");
                    return;
                }
                take(portal, Sights.of(show), "12");
                if (MANY > 0) {
                    many(show.ground());
                    take(
                            portal,
                            Sights.of(show).stream().filter(Screenshots::grows).toList(),
                            "many");
                    take(portal, Sights.large(LARGE), "many");
                }
            }
        }
    }

    /** Whether a page shows more of a large fleet. */
    private static boolean grows(Sight sight) {
        return List.of("overview", "sets", "vms", "vms-filtered", "vms-confirm", "vms-none")
                .contains(sight.name());
    }

    private static boolean tells(Sight sight) {
        return List.of("overview", "key-blocked").contains(sight.name());
    }

    private static void take(Portal portal, List<Sight> sights, String folder) {
        Map<String, Visit> open = new HashMap<>();
        for (Sight sight : sights) {
            Visit visit = open.computeIfAbsent(sight.who(), who -> who.isEmpty() ? portal.stranger() : portal.as(who));
            Look.ALL.getFirst().at(visit.page());
            sight.go().accept(visit);
            for (Look look : TWO ? Look.ALL.subList(0, 1) : LOOKS) {
                look.at(visit.page());
                visit.page()
                        .screenshot(new Page.ScreenshotOptions()
                                .setFullPage(true)
                                .setPath(TO.resolve(folder).resolve(sight.name() + "-" + look + ".png")));
            }
        }
        open.values().forEach(v -> v.context().close());
    }

    private static void many(Ground ground) throws ExecutionException, InterruptedException {
        ground.newSet(LARGE, ground.newKey("many-key"));
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = IntStream.range(0, MANY)
                    .<Future<?>>mapToObj(i -> clients.submit(() -> ground.newVm("node-%05d".formatted(i), LARGE)))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}

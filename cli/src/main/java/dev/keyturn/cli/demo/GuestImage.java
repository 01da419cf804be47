package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import dev.keyturn.json.Json;
import java.nio.file.Path;
import java.time.Duration;

/** The test guest's disk image, built from this machine's own packages (guest/README.md). */
final class GuestImage {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private GuestImage() {}

    /** @throws CliException with the builder's reason */
    static void build(Narrator narrator, Ground ground) {
        narrator.step("building the test guest", _ -> {
            Path builder = Libvirt.home()
                    .orElseThrow(() -> new StoryFailedException("the test guest's sources are not here"))
                    .resolve("guest/build-image");
            Libvirt.Ran ran =
                    Libvirt.run(LIMIT, builder.toString(), ground.guestImage().toString());
            if (ran.status() != 0) {
                throw CliException.failed("the test guest cannot be built: " + ran.said());
            }
            String said = ran.said();
            return Scenes.told(
                    "test guest built: " + said.substring(said.indexOf(": ") + 2) + ", signed for secure boot",
                    Json.object().put("image", VmShape.GUEST.imageFile()));
        });
    }
}

package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A server's process at work with the host's programs, to be killed. Arguments: directory, what it does again and again. */
final class WorkingProcess {
    static final String FILL = "fill";
    static final String VTPM = "vtpm";
    static final String PROVE = "prove";

    private final Path directory;
    private final SecretBytes passphrase = Passphrases.VTPM_STATE.of(Fixture.key());

    private WorkingProcess(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException {
        WorkingProcess process = new WorkingProcess(Path.of(args[0]));
        switch (args[1]) {
            case FILL -> process.fill();
            case VTPM, PROVE -> process.vtpm(args[1].equals(PROVE));
            default -> Tool.run(Duration.ofHours(1), Optional.empty(), "tail", "-f", args[0] + "/big.raw");
        }
    }

    /** Far more than is copied until it is killed. */
    private void fill() {
        LuksImages.Source source = new LuksImages.Source(directory.resolve("big.raw"), ImageFile.Format.RAW, () -> {});
        LuksImages.make(directory.resolve("disk.luks"), 64L << 30, passphrase, Optional.of(source), Progress.UNHEARD);
    }

    static VtpmStates states(Path directory) throws IOException {
        boolean root = System.getProperty("user.name").equals("root");
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        Files.setPosixFilePermissions(scratch, Storage.PASSABLE);
        return new VtpmStates(scratch, root ? Optional.of("tss") : Optional.empty());
    }

    private void vtpm(boolean prove) throws IOException {
        VtpmStates states = states(directory);
        while (true) {
            Path state = directory.resolve("vm").resolve("tpm2");
            states.make(state, passphrase);
            while (prove) {
                states.opens(state, passphrase);
            }
            Storage.deleteTree(state);
        }
    }
}

package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import java.io.IOException;
import java.nio.file.Path;

/** Has what real guests need installed and started; runs only where a person asked for it. */
public final class LibvirtInstallation {
    private LibvirtInstallation() {}

    /**
     * Runs {@code build/install-libvirt}, whose lines go to standard error.
     *
     * @throws CliException where it did not succeed; it has said why
     */
    public static void run() {
        Path script = Libvirt.home()
                .orElseThrow(() -> CliException.usage("--install works where the demo is started as ./keyturn demo"))
                .resolve("build/install-libvirt");
        try {
            // Standard output is the demo's, which may be a document.
            Process process = new ProcessBuilder("bash", "-c", "exec \"$0\" >&2", script.toString())
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int status = process.waitFor();
            if (status != 0) {
                throw CliException.usage("--install did not succeed; nothing of the demo was begun");
            }
        } catch (IOException e) {
            throw CliException.failed(script + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted", e);
        }
    }
}

package dev.keyturn.server;

import dev.keyturn.core.artifact.UnclaimedFiles;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells at a start which files on hosts are nobody's, a line for each of a few. */
final class UnclaimedLog {
    private static final Logger LOG = LoggerFactory.getLogger(UnclaimedLog.class);
    static final int LINES = 20;

    private UnclaimedLog() {}

    /** On a thread of its own: a host may take its time. */
    static void begin(UnclaimedFiles files) {
        var _ = Thread.ofVirtual().name("unclaimed-files").start(() -> {
            try {
                tell(files.look(), LOG::warn);
            } catch (RuntimeException e) {
                LOG.warn(
                        "whether there are files on hosts that nothing has could not be found out: {}", e.getMessage());
            }
        });
    }

    static void tell(UnclaimedFiles.Found found, Consumer<String> line) {
        found.silent()
                .forEach(s -> line.accept(
                        "host '" + s.host() + "' was not looked through for files that nothing has: " + s.why()));
        found.files().stream()
                .limit(LINES)
                .forEach(f -> line.accept("host '" + f.host() + "': no VM and no disk has the file "
                        + f.file().path() + " (" + f.file().kind().wire() + ", "
                        + f.file().bytes() + " bytes, last written " + f.file().changed()
                        + "); it is left alone, docs/libvirt-host.md says what to do with it"));
        if (found.files().size() > LINES) {
            line.accept("and " + (found.files().size() - LINES)
                    + " more files that nothing has; GET /keyturn/hosts/unclaimedFiles lists them");
        }
    }
}

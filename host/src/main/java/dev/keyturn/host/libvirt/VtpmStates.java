package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The states of vTPMs, encrypted by swtpm under a passphrase (AES-256-CBC with a message authentication code). They are
 * made before the first start, so that a state that is missing later is a loss that is told, and not a fresh vTPM.
 * Thread-safe.
 */
final class VtpmStates {
    static final String FILE = "tpm2-00.permall";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /**
     * swtpm_setup starts swtpm several times and hands it the descriptor; zero would be the children's own standard input,
     * and the state would silently be made under an empty passphrase.
     */
    private static final String WITH_PASSPHRASE_ON_3 = "exec \"$@\" 3<&0 </dev/null";

    private final Path scratch;
    private final Optional<String> user;

    /**
     * @param scratch a private directory for copies of states, which are as encrypted as the states
     * @param user whom libvirt runs swtpm as; empty where it is this process's own user
     */
    VtpmStates(Path scratch, Optional<String> user) {
        this.scratch = scratch;
        this.user = user;
    }

    /**
     * Makes the state whole, or leaves nothing.
     *
     * @throws ToolFailedException where it cannot be made, with the reason
     */
    void make(Path state, SecretBytes passphrase) {
        try {
            Path parent = state.resolve("..").normalize();
            Path part = parent.resolve("part");
            Storage.passable(parent);
            own(parent);
            Storage.deleteTree(part);
            Files.createDirectory(part, PosixFilePermissions.asFileAttribute(Storage.PRIVATE_DIRECTORY));
            own(part);
            setUp(part, passphrase);
            if (!opens(part, passphrase)) {
                throw new ToolFailedException("swtpm_setup made a vTPM state that does not open");
            }
            Storage.sync(part.resolve(FILE));
            // Fails where a state is: one is never replaced.
            Files.move(part, state, StandardCopyOption.ATOMIC_MOVE);
            Storage.sync(parent);
        } catch (IOException e) {
            throw new ToolFailedException("the vTPM state cannot be written: " + Reason.of(e));
        }
    }

    private void setUp(Path part, SecretBytes passphrase) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", WITH_PASSPHRASE_ON_3, "sh", "swtpm_setup"));
        command.addAll(List.of("--tpm2", "--tpmstate", part.toString(), "--createek", "--create-ek-cert"));
        command.addAll(List.of("--create-platform-cert", "--lock-nvram", "--not-overwrite"));
        command.addAll(List.of("--pwdfile-fd", "3", "--cipher", "aes-256-cbc"));
        user.ifPresent(u -> command.addAll(List.of("--runas", u)));
        Tool.Answer answer = Tool.run(LIMIT, Optional.of(passphrase), _ -> {}, command);
        if (!answer.well()) {
            throw new ToolFailedException("swtpm_setup cannot make a vTPM: " + answer.lastLine());
        }
    }

    /** Whether swtpm comes up on a copy of the state with this passphrase; the state itself is only read. */
    boolean opens(Path state, SecretBytes passphrase) {
        try {
            Path copy = Files.createTempDirectory(scratch, "tpm");
            try {
                Files.copy(state.resolve(FILE), copy.resolve(FILE));
                return comesUp(copy, passphrase);
            } finally {
                Storage.deleteTree(copy);
            }
        } catch (IOException e) {
            throw new ToolFailedException("the vTPM state cannot be read: " + Reason.of(e));
        }
    }

    private static boolean comesUp(Path copy, SecretBytes passphrase) {
        String control = copy.resolve("c").toString();
        // With --daemon it answers once it has loaded the state, or failed to.
        Tool.Answer answer = Tool.run(
                LIMIT,
                Optional.of(passphrase),
                "swtpm",
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + copy,
                "--ctrl",
                "type=unixio,path=" + control,
                "--server",
                "type=unixio,path=" + copy.resolve("s"),
                "--key",
                "pwdfd=0,mode=aes-256-cbc",
                "--flags",
                "not-need-init,startup-clear",
                "--log",
                "file=" + copy.resolve("log"),
                "--terminate",
                "--daemon");
        if (!answer.well()) {
            return false;
        }
        Tool.Answer stopped = Tool.run(LIMIT, Optional.empty(), "swtpm_ioctl", "--unix", control, "-s");
        if (!stopped.well()) {
            throw new ToolFailedException("a swtpm that was started for a look does not stop: " + stopped.lastLine());
        }
        return true;
    }

    private void own(Path path) throws IOException {
        if (user.isPresent()) {
            UserPrincipal owner =
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.get());
            Files.setOwner(path, owner);
        }
    }
}

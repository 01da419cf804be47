package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Held;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The states of vTPMs, encrypted by swtpm under a passphrase (AES-256-CBC with a message authentication code). They are
 * made before the first start, so that a state that is missing later is a loss that is told, and not a fresh vTPM.
 *
 * <p>A swtpm that its guest broke out of may write whatever swtpm's user may. So the directory of a VM belongs to this
 * process, only what is below it to swtpm's user; there nothing is done by name but through {@link Held}; and what comes
 * from there is read by programs that run as swtpm's user. Thread-safe.
 */
final class VtpmStates {
    static final String FILE = "tpm2-00.permall";
    private static final String PART = "part";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Bytes; swtpm's are some thousands. More is not one, and is not copied. */
    private static final int LARGEST = 4 << 20;
    /**
     * swtpm_setup starts swtpm several times and hands it the descriptor; zero would be the children's own standard input,
     * and the state would silently be made under an empty passphrase.
     */
    private static final String PASSPHRASE_ON_3 = "exec \"$@\" 3<&0 </dev/null";
    /** Its commands come from where there are none: once it has loaded the state, it ends. */
    private static final String COMMANDS_ON_4 = "exec \"$@\" 3<&0 4</dev/null </dev/null";

    private final Path scratch;
    private final Optional<String> user;

    /**
     * @param scratch a directory of this process's own for copies of states, which are as encrypted as the states; {@code
     *     user} can pass through it
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
        Path parent = state.resolveSibling("").normalize();
        try {
            Storage.passable(parent);
            try (Held vm = Held.directory(parent)) {
                takeBack(vm);
                Path part = vm.at(PART);
                endLeft(List.of(state));
                Storage.deleteTree(part);
                Files.createDirectory(part, PosixFilePermissions.asFileAttribute(Storage.PRIVATE_DIRECTORY));
                try (Held made = vm.directory(PART)) {
                    give(made);
                    try {
                        // By its name, which nobody but this process can lead elsewhere.
                        setUp(parent.resolve(PART), passphrase);
                    } catch (ToolFailedException e) {
                        endLeft(List.of(state));
                        throw e;
                    }
                    try (Held file = made.file(FILE)) {
                        if (!opens(file, passphrase)) {
                            throw new ToolFailedException("swtpm_setup made a vTPM state that does not open");
                        }
                        file.sync();
                    }
                    made.sync();
                }
                // Fails where a state is: one is never replaced.
                Files.move(part, vm.at(String.valueOf(state.getFileName())), StandardCopyOption.ATOMIC_MOVE);
                vm.sync();
            }
        } catch (IOException e) {
            throw new ToolFailedException("the vTPM state " + state + " cannot be written: " + Reason.of(e));
        }
    }

    /** Ends what was making these states when it was killed. */
    static void endLeft(Collection<Path> states) {
        Set<String> parts =
                states.stream().map(s -> s.resolveSibling(PART).toString()).collect(Collectors.toSet());
        Leftovers.end(word -> parts.contains(word.substring(word.indexOf("://") < 0 ? 0 : word.indexOf("://") + 3)));
    }

    /** Takes a VM's directory back, which earlier versions gave to swtpm's user; nothing where there is none. */
    void takeBack(Path state) throws IOException {
        try (Held vm = Held.directory(state.resolveSibling("").normalize())) {
            takeBack(vm);
        } catch (NoSuchFileException e) {
            return;
        }
    }

    private void takeBack(Held vm) throws IOException {
        if (user.isPresent()) {
            vm.own(principal(System.getProperty("user.name")));
            vm.permit(Storage.PASSABLE);
        }
    }

    private void give(Held held) throws IOException {
        if (user.isPresent()) {
            held.own(principal(user.get()));
        }
    }

    private static UserPrincipal principal(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    private void setUp(Path part, SecretBytes passphrase) {
        Tool.Answer answer = Tool.run(
                new Tool.Way(user, PASSPHRASE_ON_3),
                LIMIT,
                Optional.of(passphrase),
                _ -> {},
                List.of(
                        "swtpm_setup",
                        "--tpm2",
                        "--tpmstate",
                        part.toString(),
                        "--createek",
                        "--create-ek-cert",
                        "--create-platform-cert",
                        "--lock-nvram",
                        "--not-overwrite",
                        "--pwdfile-fd",
                        "3",
                        "--cipher",
                        "aes-256-cbc"));
        if (!answer.well()) {
            throw new ToolFailedException("swtpm_setup cannot make a vTPM: " + answer.lastLine());
        }
    }

    /** Whether swtpm comes up on a copy of the state with this passphrase; the state itself is only read. */
    boolean opens(Path state, SecretBytes passphrase) {
        try (Held vm = Held.directory(state.resolveSibling("").normalize());
                Held directory = vm.directory(String.valueOf(state.getFileName()));
                Held file = directory.file(FILE)) {
            return opens(file, passphrase);
        } catch (IOException e) {
            throw new ToolFailedException("the vTPM state cannot be read: " + Reason.of(e));
        }
    }

    private boolean opens(Held file, SecretBytes passphrase) throws IOException {
        Path copy = Files.createTempDirectory(scratch, "tpm");
        try (Held mine = Held.directory(copy)) {
            copy(file, mine.at(FILE));
            try (Held copied = mine.file(FILE)) {
                give(copied);
            }
            give(mine);
            return comesUp(copy, passphrase);
        } finally {
            Storage.deleteTree(copy);
        }
    }

    private static void copy(Held from, Path to) throws IOException {
        ByteBuffer all;
        try (FileChannel in = from.read()) {
            if (in.size() > LARGEST) {
                throw new FileSystemException(from.toString(), null, "it is too large to be a vTPM's state");
            }
            all = ByteBuffer.allocate((int) in.size());
            while (all.hasRemaining() && in.read(all) >= 0) {}
        }
        all.flip();
        try (FileChannel out = FileChannel.open(
                to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS)) {
            while (all.hasRemaining()) {
                out.write(all);
            }
        }
    }

    private boolean comesUp(Path copy, SecretBytes passphrase) {
        Tool.Answer answer = Tool.run(
                new Tool.Way(user, COMMANDS_ON_4),
                LIMIT,
                Optional.of(passphrase),
                _ -> {},
                List.of(
                        "swtpm",
                        "socket",
                        "--tpm2",
                        "--tpmstate",
                        "dir=" + copy,
                        "--key",
                        "pwdfd=3,mode=aes-256-cbc",
                        "--flags",
                        "not-need-init,startup-clear",
                        "--fd",
                        "4"));
        return switch (answer.status()) {
            case 0 -> true;
            case 1 -> false;
            default -> throw new ToolFailedException("swtpm cannot look at it: " + answer.lastLine());
        };
    }
}

package dev.keyturn.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A file or directory of Linux held by a descriptor ({@code O_PATH}, open(2)): what was looked at is what is used,
 * wherever its name leads to later. Taking hold follows no symbolic link at the end of the name, and waits for nobody,
 * also where a pipe was put in the file's place. What is done with {@link #path} and {@link #at} is done to the thing
 * itself. For directories in which somebody else may write, and for files that are checked before they are used.
 * Thread-safe until it is closed.
 */
public final class Held implements AutoCloseable {
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final int PATH = 0x200000;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int DIRECTORY = ARM ? 0x4000 : 0x10000;
    private static final int NO_FOLLOW = ARM ? 0x8000 : 0x20000;

    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;

    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;
    private final Path name;

    private Held(int descriptor, Path name) {
        this.descriptor = descriptor;
        this.name = name;
    }

    /** @throws FileSystemException where there is none, or a symbolic link, or something else */
    public static Held directory(Path directory) throws IOException {
        return new Held(open(directory, directory, DIRECTORY), directory);
    }

    /** @throws FileSystemException where there is none, or a symbolic link, or no regular file */
    public static Held file(Path file) throws IOException {
        return regular(new Held(open(file, file, 0), file));
    }

    /** The directory of that name in this one. */
    public Held directory(String in) throws IOException {
        return new Held(open(at(in), name.resolve(in), DIRECTORY), name.resolve(in));
    }

    /** The regular file of that name in this directory. */
    public Held file(String in) throws IOException {
        return regular(new Held(open(at(in), name.resolve(in), 0), name.resolve(in)));
    }

    /** For calls of this process, while it is held. */
    public Path path() {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    /** For programs that this process starts as its own user, while it is held. */
    public Path pathForOthers() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor));
    }

    /** What has that name in this directory; to be used by calls that do not follow a link at a name's end. */
    public Path at(String in) {
        if (in.isEmpty() || in.equals(".") || in.equals("..") || in.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a name in a directory: '" + in + "'");
        }
        return path().resolve(in);
    }

    public PosixFileAttributes attributes() throws IOException {
        return Files.readAttributes(path(), PosixFileAttributes.class);
    }

    /** Where it is now, whatever it was called when it was taken hold of. */
    public Path place() throws IOException {
        return path().toRealPath();
    }

    public void own(UserPrincipal owner) throws IOException {
        Files.setOwner(path(), owner);
    }

    public void permit(Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(path(), permissions);
    }

    public FileChannel read() throws IOException {
        return FileChannel.open(path(), StandardOpenOption.READ);
    }

    /** Makes it durable. */
    public void sync() throws IOException {
        try (FileChannel channel = read()) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        var _ = call(() -> (int) CLOSE.invokeExact(descriptor));
    }

    @Override
    public String toString() {
        return name.toString();
    }

    private static Held regular(Held held) throws IOException {
        try {
            if (held.attributes().isRegularFile()) {
                return held;
            }
        } catch (IOException e) {
            held.close();
            throw e;
        }
        held.close();
        throw new FileSystemException(held.name.toString(), null, "it is not a regular file");
    }

    private static int open(Path path, Path shown, int kind) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment text = arena.allocateFrom(path.toString());
            int flags = PATH | NO_FOLLOW | CLOSE_ON_EXEC | kind;
            int descriptor = call(() -> (int) OPEN.invokeExact(state, text, flags));
            if (descriptor < 0) {
                throw failed(shown.toString(), (int) ERRNO.get(state, 0L));
            }
            return descriptor;
        }
    }

    private static FileSystemException failed(String name, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(name);
            case EACCES -> new AccessDeniedException(name);
            case ENOTDIR, ELOOP -> new FileSystemException(name, null, "it is not a directory, or a symbolic link");
            default -> new FileSystemException(name, null, "it cannot be opened (error " + errno + ")");
        };
    }

    private interface Call {
        // The type that method handles are declared to throw.
        int run() throws Throwable;
    }

    private static int call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the C library failed", e);
        }
    }

    /** Native access is allowed where the program is started (./keyturn). */
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return linker.downcallHandle(library.findOrThrow(name), type, options);
    }
}

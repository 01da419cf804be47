package dev.keyturn.core.vital;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the process at once, with one line on standard error. There may be no memory for anything: the line is put
 * together in bytes that were there before, nothing is logged, and no shutdown hook runs.
 */
final class Halt implements OnDeath {
    static final Halt INSTANCE = new Halt();
    /** The exit status of a process that ended so (EX_SOFTWARE of sysexits.h); a service manager starts it again. */
    static final int STATUS = 70;

    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);
    private final AtomicBoolean halting = new AtomicBoolean();
    private final Line line = new Line();

    private Halt() {}

    @Override
    public void died(String thread, Throwable cause) {
        if (!halting.compareAndSet(false, true)) {
            return;
        }
        try {
            line.tell(thread, cause);
            ERR.write(line.bytes, 0, line.length);
        } catch (Throwable e) { // without a line, then
            line.length = 0;
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /** ASCII text in a fixed place. */
    static final class Line {
        final byte[] bytes = new byte[512];
        int length;

        /** The cause's message is left out: it may hold anything. */
        void tell(String thread, Throwable cause) {
            add("keyturn: the thread '");
            add(thread);
            add("' died of ");
            add(cause.getClass().getName());
            if (!VitalThreads.endsProcess(cause)) {
                addPlace(cause);
            }
            add("; the process ends, and the next start resumes what was under way");
            bytes[length++] = '\n';
        }

        private void addPlace(Throwable cause) {
            StackTraceElement[] trace = cause.getStackTrace();
            if (trace.length > 0) {
                add(" at ");
                add(trace[0].toString());
            }
        }

        /** Leaves room for the end of the line. */
        private void add(String text) {
            for (int i = 0; i < text.length() && length < bytes.length - 1; i++) {
                char c = text.charAt(i);
                bytes[length++] = (byte) (c < ' ' || c > '~' ? '?' : c);
            }
        }
    }
}

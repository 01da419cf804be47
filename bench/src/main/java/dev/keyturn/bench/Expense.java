package dev.keyturn.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the process has spent so far: nanoseconds of processor time, compiling and collecting included, and bytes of
 * objects made. Beside other programs both say more than the clock on the wall.
 */
record Expense(long processor, long bytes) {
    static Expense soFar() {
        return new Expense(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
                ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes());
    }

    Expense since(Expense before) {
        return new Expense(processor - before.processor, bytes - before.bytes);
    }
}

package dev.keyturn.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** The most heap that was used since a moment, garbage not yet collected included. */
record HeapPeak(List<MemoryPoolMXBean> pools) {
    private static final long MEGABYTE = 1 << 20;

    static HeapPeak fromNow() {
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .toList();
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        return new HeapPeak(heap);
    }

    long usedMegabytes() {
        return pools.stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum() / MEGABYTE;
    }

    long allowedMegabytes() {
        return Runtime.getRuntime().maxMemory() / MEGABYTE;
    }
}

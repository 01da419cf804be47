package dev.keyturn.keys.software;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The provider key objects used last, by the handle they came from: opening a handle and parsing a key costs more than
 * most uses of it. Bounded; what is pushed out is left to the collector. Thread-safe.
 */
final class Cache<V> {
    private final int capacity;
    private final Map<Handle, V> entries = new LinkedHashMap<>(64, 0.75f, true);

    /** The bytes, compared as such. */
    private record Handle(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Handle that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    Cache(int capacity) {
        this.capacity = capacity;
    }

    /** Two callers may both load what is missing; one of the two results is kept. */
    V get(byte[] handle, Supplier<V> load) {
        Handle key = new Handle(handle);
        synchronized (entries) {
            V present = entries.get(key);
            if (present != null) {
                return present;
            }
        }
        V loaded = load.get();
        synchronized (entries) {
            entries.put(new Handle(handle.clone()), loaded);
            var eldest = entries.entrySet().iterator();
            while (entries.size() > capacity) {
                eldest.next();
                eldest.remove();
            }
        }
        return loaded;
    }

    void forget(byte[] handle) {
        synchronized (entries) {
            entries.remove(new Handle(handle));
        }
    }
}

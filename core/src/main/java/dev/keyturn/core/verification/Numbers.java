package dev.keyturn.core.verification;

import dev.keyturn.core.model.ArtifactId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** Numbers of artifacts, of which a fleet has millions: eight bytes each. Not thread-safe. */
final class Numbers {
    private static final int PAGE = 1_000;

    private long[] all = new long[0];
    private int size;

    void add(long number) {
        if (size == all.length) {
            all = Arrays.copyOf(all, Math.max(PAGE, 2 * size));
        }
        all[size++] = number;
    }

    int size() {
        return size;
    }

    /** So many of them, or fewer, as they were added. */
    Set<ArtifactId> first(int most) {
        return Arrays.stream(all, 0, Math.min(most, size))
                .mapToObj(ArtifactId::new)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Takes out what is not there any more, asking page by page. */
    void keep(Function<Collection<ArtifactId>, Set<ArtifactId>> there, LongConsumer gone) {
        int kept = 0;
        for (int from = 0; from < size; from += PAGE) {
            long[] page = Arrays.copyOfRange(all, from, Math.min(size, from + PAGE));
            Set<ArtifactId> still =
                    there.apply(Arrays.stream(page).mapToObj(ArtifactId::new).toList());
            for (long number : page) {
                if (still.contains(new ArtifactId(number))) {
                    all[kept++] = number;
                } else {
                    gone.accept(number);
                }
            }
        }
        size = kept;
    }
}

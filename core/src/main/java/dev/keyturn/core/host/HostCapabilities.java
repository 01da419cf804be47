package dev.keyturn.core.host;

import java.time.Duration;
import java.util.Optional;

/**
 * What a host can do, and what must be done for it. A host begins with {@link #CAREFUL} and says what does not hold of
 * it; of what it does not mention the careful answer is taken. Immutable.
 *
 * @param provesImages each of its images is proven to open ({@link VmHost#prove}) before a rotation counts it as
 *     re-wrapped, also where nobody asked for that
 * @param bootsImages what runs there boots, so that a new OS disk has to be filled from an image
 * @param noConsole why its VMs have no serial console, as the end of a sentence that begins with the host's name; empty
 *     where they have one
 * @param plugs whether it gives disks to machines that run, and takes them from those: {@link VmHost#plug} and {@link
 *     VmHost#unplug}
 * @param looksEvery the longest time, above zero, from one look at what runs there to the next
 */
public record HostCapabilities(
        boolean provesImages, boolean bootsImages, Optional<String> noConsole, boolean plugs, Duration looksEvery) {
    /** What is taken to hold of a host that says nothing: a real guest, which may end at any time, on real images. */
    public static final HostCapabilities CAREFUL =
            new HostCapabilities(true, true, Optional.empty(), false, Duration.ofSeconds(1));

    public HostCapabilities {
        if (!looksEvery.isPositive()) {
            throw new IllegalArgumentException("looksEvery must be above zero, not " + looksEvery);
        }
    }

    /** It has no images that could fail to open: what it keeps is in the store, with the envelopes. */
    public HostCapabilities withoutProof() {
        return new HostCapabilities(false, bootsImages, noConsole, plugs, looksEvery);
    }

    /** Nothing boots there. */
    public HostCapabilities withoutBoot() {
        return new HostCapabilities(provesImages, false, noConsole, plugs, looksEvery);
    }

    /** None of its VMs has a serial console, because the host {@code why}. */
    public HostCapabilities withoutConsoles(String why) {
        return new HostCapabilities(provesImages, bootsImages, Optional.of(why), plugs, looksEvery);
    }

    /** It changes the disks of machines that run. */
    public HostCapabilities plugging() {
        return new HostCapabilities(provesImages, bootsImages, noConsole, true, looksEvery);
    }

    public HostCapabilities lookedAtEvery(Duration longest) {
        return new HostCapabilities(provesImages, bootsImages, noConsole, plugs, longest);
    }
}

package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.Hardware;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processors and memory of a machine. Azure's confidential sizes say both: {@code Standard_DC4as_v5} has 4 processors
 * with 4 GiB for each, {@code Standard_EC4as_v5} 8 GiB for each.
 */
record MachineSize(int vcpus, int memoryMib) {
    /** Of a machine whose size says nothing. */
    private static final MachineSize PLAIN = new MachineSize(2, 2_048);

    private static final Pattern CONFIDENTIAL = Pattern.compile("(?i)standard_([de])c([0-9]{1,3})[a-z]*_v[0-9]+");
    private static final int MOST_VCPUS = 255;

    static MachineSize of(Hardware hardware, LibvirtSettings settings) {
        MachineSize named = hardware.size().flatMap(MachineSize::parse).orElse(PLAIN);
        return new MachineSize(
                settings.vcpus().orElse(named.vcpus()), settings.memoryMib().orElse(named.memoryMib()));
    }

    private static Optional<MachineSize> parse(String size) {
        Matcher found = CONFIDENTIAL.matcher(size);
        if (!found.matches()) {
            return Optional.empty();
        }
        int vcpus = Math.clamp(Integer.parseInt(found.group(2)), 1, MOST_VCPUS);
        int gibEach = found.group(1).equalsIgnoreCase("e") ? 8 : 4;
        return Optional.of(new MachineSize(vcpus, vcpus * gibEach * 1_024));
    }
}

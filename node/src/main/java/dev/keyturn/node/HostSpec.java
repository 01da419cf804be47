package dev.keyturn.node;

import dev.keyturn.host.libvirt.Firmware;
import dev.keyturn.host.libvirt.LibvirtSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One of the hosts a server runs VMs on, as its operator describes it. */
public sealed interface HostSpec {
    String name();

    /** No real machine runs. */
    record Simulated(String name) implements HostSpec {}

    /**
     * @param storage where the encrypted images are; either this or {@code pool}, a libvirt storage pool of type dir
     *     whose directory it is
     */
    record Libvirt(
            String name,
            URI uri,
            Optional<Path> storage,
            Optional<String> pool,
            LibvirtSettings.Accelerator accelerator,
            boolean memoryEncryption,
            Optional<Integer> vcpus,
            Optional<Integer> memoryMib,
            Optional<String> network,
            Path uefiVariables)
            implements HostSpec {}

    /** How hosts are written, for help and errors. */
    String SYNTAX = "simulated, or libvirt[:name=NAME,uri=URI,storage=DIR|pool=POOL,accelerator=auto|kvm|emulation,"
            + "memory-encryption=on|off,vcpus=N,memory=MIB,network=NAME,"
            + "uefi-variables=FILE]";

    Path DEFAULT_STORAGE = Path.of("/var/lib/keyturn/storage");

    /** Adds all that is wrong to {@code problems}, and is empty then. */
    static Optional<HostSpec> parse(String text, List<String> problems) {
        String kind = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
        String rest = text.contains(":") ? text.substring(text.indexOf(':') + 1) : "";
        if (!kind.equals("simulated") && !kind.equals("libvirt")) {
            problems.add("--host must be " + SYNTAX + ", not '" + text + "'");
            return Optional.empty();
        }
        Options options = new Options(text, new LinkedHashMap<>(), new ArrayList<>());
        options.read(rest);
        String name = options.take("name").orElse(kind);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            options.wrong("name must be letters, digits, '.', '_' or '-', not '" + name + "'");
        }
        HostSpec spec = kind.equals("simulated") ? new Simulated(name) : libvirt(name, options);
        options.left();
        problems.addAll(options.problems());
        return options.problems().isEmpty() ? Optional.of(spec) : Optional.empty();
    }

    private static HostSpec libvirt(String name, Options options) {
        Optional<Path> storage = options.take("storage").map(Path::of);
        Optional<String> pool = options.take("pool");
        if (storage.isPresent() && pool.isPresent()) {
            options.wrong("storage and pool say the same thing; give one");
        }
        return new Libvirt(
                name,
                options.uri(),
                storage.or(() -> pool.isPresent() ? Optional.empty() : Optional.of(DEFAULT_STORAGE)),
                pool,
                LibvirtSettings.Accelerator.valueOf(
                        options.oneOf("accelerator", "auto", "kvm", "emulation").toUpperCase(Locale.ROOT)),
                options.oneOf("memory-encryption", "on", "off").equals("on"),
                options.number("vcpus", 1, 255),
                options.number("memory", 128, 16_777_216),
                options.take("network"),
                options.take("uefi-variables").map(Path::of).orElse(Firmware.MICROSOFT_KEYS));
    }

    /** The {@code key=value} pairs of one host, taken out one by one. */
    record Options(String text, Map<String, String> values, List<String> problems) {
        private void read(String rest) {
            for (String pair : rest.isEmpty() ? new String[0] : rest.split(",", -1)) {
                int at = pair.indexOf('=');
                if (at < 1 || at == pair.length() - 1) {
                    wrong("'" + pair + "' is not KEY=VALUE");
                } else if (values.put(pair.substring(0, at), pair.substring(at + 1)) != null) {
                    wrong("'" + pair.substring(0, at) + "' is given twice");
                }
            }
        }

        private void wrong(String what) {
            problems.add("--host " + text + ": " + what);
        }

        private Optional<String> take(String key) {
            return Optional.ofNullable(values.remove(key));
        }

        private void left() {
            values.keySet().forEach(k -> wrong("there is no '" + k + "'; a host is " + SYNTAX));
        }

        private URI uri() {
            String given = take("uri").orElse("qemu:///system");
            try {
                return new URI(given);
            } catch (URISyntaxException e) {
                wrong("uri must be libvirt's, such as qemu:///system, not '" + given + "'");
                return URI.create("qemu:///system");
            }
        }

        private String oneOf(String key, String first, String... others) {
            List<String> all = new ArrayList<>(List.of(first));
            all.addAll(List.of(others));
            String given = take(key).orElse(first);
            if (!all.contains(given)) {
                wrong(key + " must be " + String.join(", ", all) + ", not '" + given + "'");
                return first;
            }
            return given;
        }

        private Optional<Integer> number(String key, int least, int most) {
            Optional<String> given = take(key);
            try {
                Optional<Integer> number = given.map(Integer::valueOf);
                if (number.isEmpty() || (number.get() >= least && number.get() <= most)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below, as for one that is out of bounds
            }
            wrong(key + " must be a whole number from " + least + " to " + most + ", not '" + given.orElse("") + "'");
            return Optional.empty();
        }
    }
}

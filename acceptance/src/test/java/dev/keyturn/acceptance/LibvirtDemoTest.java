package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code keyturn demo --host libvirt} from beginning to end, with a real guest. */
class LibvirtDemoTest {
    private static final String URI = "qemu:///system";
    private static final Path VTPMS = Path.of("/var/lib/libvirt/swtpm");

    @Test
    @Timeout(900)
    void theDemo_withARealGuest_readsBackAfterTheRotationWhatWasWrittenBefore_andLeavesNothing() throws Exception {
        assumeTrue(
                run("virsh", "-c", URI, "version") == 0 && Files.isWritable(VTPMS),
                "no libvirt answers at " + URI + " (install and start it with: ./keyturn demo --install)");

        ServerProcess.Ended ended = ServerProcess.run("demo", "--host", "libvirt", "--vms", "1", "--output", "json");

        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        ObjectNode document = Json.parseObject(ended.out());
        assertThat(document.get("host").stringValue()).isEqualTo("libvirt");
        assertThat(document.get("artifactsUnderOldVersion").intValue()).isZero();
        assertThat(document.get("imageFiles").intValue()).isEqualTo(4);
        assertThat(document.get("steps")).allMatch(s -> s.get("succeeded").booleanValue());
        List<JsonNode> boots = facts(document, "guests are booting");
        assertThat(boots).hasSize(2);
        assertThat(values(boots.getLast(), "read")).isEqualTo(values(boots.getFirst(), "written"));
        List<JsonNode> sums = Stream.concat(
                        facts(document, "reading all image files").stream(),
                        facts(document, "reading all image files again").stream())
                .toList();
        assertThat(sums).hasSize(2);
        assertThat(sums.getFirst()).isEqualTo(sums.getLast());
        String id = document.get("vmIds").get(0).stringValue();
        assertThat(run("virsh", "-c", URI, "domstate", id)).isNotZero();
        assertThat(VTPMS.resolve(id)).doesNotExist();
    }

    private static List<JsonNode> facts(ObjectNode document, String step) {
        return document.get("steps")
                .valueStream()
                .filter(s -> s.get("step").stringValue().equals(step))
                .map(s -> s.get("facts"))
                .toList();
    }

    /** The values of all stores, each of which must have come about that way. */
    private static List<String> values(JsonNode guests, String how) {
        JsonNode guest = guests.get("cvm-01");
        return Stream.of("file", "tpm", "uefi", "data0")
                .map(guest::get)
                .peek(s -> assertThat(s.get("how").stringValue()).isEqualTo(how))
                .map(s -> s.get("value").stringValue())
                .toList();
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        }
    }
}

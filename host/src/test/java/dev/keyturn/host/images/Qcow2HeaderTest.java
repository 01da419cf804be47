package dev.keyturn.host.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Qcow2HeaderTest {
    private static final int CLUSTER = 1 << 16;
    private static final long SIZE = 3L << 30;
    private static final long LENGTH = 5L * CLUSTER;

    private static ByteBuffer header(int version, Consumer<ByteBuffer> change) {
        ByteBuffer b = Qcow2Files.header(version, SIZE);
        change.accept(b);
        return b;
    }

    private static void refused(ByteBuffer header, String... why) {
        assertThatThrownBy(() -> Qcow2Header.parse(header, LENGTH))
                .isInstanceOf(UnfitImageException.class)
                .message()
                .contains(why);
    }

    @ParameterizedTest
    @CsvSource({"2", "3"})
    void plainImage_tellsTheSizeOfItsDisk(int version) throws Exception {
        assertThat(Qcow2Header.parse(header(version, _ -> {}), LENGTH).virtualSize())
                .isEqualTo(SIZE);
    }

    @ParameterizedTest
    @CsvSource({"2", "3"})
    void backingFile_isRefused_howeverItsNameIsWritten(int version) {
        byte[] name = "/etc/shadow".getBytes(StandardCharsets.US_ASCII);
        refused(
                header(version, b -> b.putLong(8, 0x200).putInt(16, name.length).put(0x200, name)),
                "has a backing file");
        refused(header(version, b -> b.putLong(8, 0x200)), "has a backing file");
        refused(header(version, b -> b.putLong(8, -1)), "has a backing file");
    }

    @Test
    void externalDataFile_isRefused_byFeatureAndByName() {
        refused(header(3, b -> b.putLong(72, 1 << 2)), "another file");
        refused(header(3, b -> b.putLong(88, 1 << 1)), "another file");
        Consumer<ByteBuffer> name =
                b -> b.putInt(112, 0x44415441).putInt(116, 4).putInt(120, 0x2f657463);
        refused(header(3, name), "another file");
        refused(header(2, b -> b.putInt(72, 0x44415441).putInt(76, 4).putInt(80, 0x2f657463)), "another file");
    }

    @Test
    void externalDataName_behindAnotherExtension_isFound() {
        refused(
                header(
                        3,
                        b -> b.putInt(112, 0x12345678)
                                .putInt(116, 31)
                                .putInt(152, 0x44415441)
                                .putInt(156, 4)),
                "another file");
    }

    @Test
    void encryptedImage_isRefused() {
        refused(header(2, b -> b.putInt(32, 1)), "is encrypted");
        refused(header(3, b -> b.putInt(32, 2)), "is encrypted");
        refused(header(3, b -> b.putInt(112, 0x0537be77).putInt(116, 16)), "encryption header");
    }

    @Test
    void dirtyCorruptAndUnknownFeatures_areRefused() {
        refused(header(3, b -> b.putLong(72, 1)), "in use");
        refused(header(3, b -> b.putLong(72, 2)), "corrupt");
        refused(header(3, b -> b.putLong(72, 1 << 5)), "not known", "20");
        refused(header(3, b -> b.putLong(72, Long.MIN_VALUE)), "not known");
    }

    @Test
    void compressionAndSubclusters_areFine_whereTheyFit() throws Exception {
        ByteBuffer zstd = header(3, b -> b.putLong(72, 1 << 3).put(104, (byte) 1));
        assertThat(Qcow2Header.parse(zstd, LENGTH).virtualSize()).isEqualTo(SIZE);
        ByteBuffer subclusters = header(3, b -> b.putLong(72, 1 << 4).putInt(36, 12));
        assertThat(Qcow2Header.parse(subclusters, LENGTH).virtualSize()).isEqualTo(SIZE);
        refused(header(3, b -> b.putLong(72, 1 << 3)), "compression");
        refused(header(3, b -> b.put(104, (byte) 1)), "compression");
    }

    @Test
    void whatCannotBe_isRefused() {
        refused(header(3, b -> b.putInt(0, 0x7f454c46)), "not a qcow2");
        refused(header(1, _ -> {}), "version 1");
        refused(header(4, _ -> {}), "version 4");
        refused(header(3, b -> b.putInt(20, 8)), "2^8 bytes");
        refused(header(3, b -> b.putInt(20, 22)), "2^22 bytes");
        refused(header(3, b -> b.putInt(20, -1)), "2^4294967295");
        refused(header(3, b -> b.putInt(96, 7)), "reference counts of 2^7");
        refused(header(3, b -> b.putInt(100, 103)), "header of 103");
        refused(header(3, b -> b.putInt(100, 1 << 20)), "header of 1048576");
        refused(header(3, b -> b.putInt(112, 7).putInt(116, CLUSTER)), "does not end");
        refused(header(3, b -> b.putInt(112, 7).putInt(116, -1)), "does not end");
        refused(header(3, b -> b.putLong(24, 0)), "no size");
        refused(header(3, b -> b.putLong(24, -5)), "no size");
        refused(header(3, b -> b.putLong(24, Long.MAX_VALUE)), "L1 table");
        refused(header(3, b -> b.putInt(36, 5)), "L1 table");
        refused(header(3, b -> b.putLong(40, 100)), "L1 table at 100");
        refused(header(3, b -> b.putLong(40, LENGTH)), "only in part");
        refused(header(3, b -> b.putLong(48, LENGTH + CLUSTER)), "only in part");
        refused(header(3, b -> b.putInt(56, -1)), "only in part");
    }

    @Test
    void fileThatEndsEarly_isRefused() {
        for (int length : new int[] {0, 3, 4, 71, 103, 104, CLUSTER - 1}) {
            ByteBuffer cut =
                    ByteBuffer.wrap(header(3, _ -> {}).array(), 0, length).slice();
            assertThatThrownBy(() -> Qcow2Header.parse(cut, length))
                    .as("%d bytes", length)
                    .isInstanceOf(UnfitImageException.class);
        }
    }

    /** Whatever the bytes: an answer, never a fault, and never a yes to another file. */
    @Test
    void anyBytes_areReadOrRefused() {
        Random random = new Random(20240711);
        int fit = 0;
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer b = header(2 + random.nextInt(2), _ -> {});
            for (int n = random.nextInt(4); n > 0; n--) {
                b.put(random.nextInt(200), (byte) random.nextInt(256));
            }
            try {
                Qcow2Header read = Qcow2Header.parse(b, LENGTH);
                fit++;
                assertThat(read.virtualSize()).isPositive();
                assertThat(b.getLong(8)).isZero();
                assertThat(b.getInt(32)).isZero();
                if (b.getInt(4) == 3) {
                    assertThat(b.getLong(72) & ~0b11000L).isZero();
                }
            } catch (UnfitImageException e) {
                assertThat(e).message().isNotBlank();
            }
        }
        assertThat(fit).as("headers that stayed fit").isBetween(100, 19_900);
    }
}

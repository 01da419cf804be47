package dev.keyturn.host.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Empty qcow2 images: header, reference counts and L1 table at their places, clusters of 64 KiB. */
final class Qcow2Files {
    private static final int CLUSTER = 1 << 16;

    private Qcow2Files() {}

    /** The first cluster. */
    static ByteBuffer header(int version, long size) {
        ByteBuffer b = ByteBuffer.allocate(CLUSTER);
        b.putInt(0, 0x514649fb).putInt(4, version);
        b.putInt(20, 16).putLong(24, size);
        b.putInt(36, Math.toIntExact(Math.ceilDiv(size, 512L << 20))).putLong(40, 3L * CLUSTER);
        b.putLong(48, CLUSTER).putInt(56, 1);
        if (version != 2) {
            b.putInt(96, 4).putInt(100, 112);
        }
        return b;
    }

    static void write(Path file, ByteBuffer header) throws IOException {
        byte[] all = new byte[5 * CLUSTER];
        header.get(0, all, 0, CLUSTER);
        Files.write(file, all);
    }
}

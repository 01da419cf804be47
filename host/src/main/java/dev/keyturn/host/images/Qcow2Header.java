package dev.keyturn.host.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The header of a qcow2 image (QEMU, docs/interop/qcow2, versions 2 and 3), read strictly: an image that is not whole
 * in its one file, encrypted, marked as damaged, or of a kind unknown here is refused. A backing file or an external
 * data file could be any file of this machine, and its content would end up in somebody's VM.
 */
record Qcow2Header(long virtualSize) {
    static final int MAGIC = 0x514649fb;

    private static final int V2_LENGTH = 72;
    private static final int V3_LENGTH = 104;
    private static final int MIN_CLUSTER_BITS = 9;
    private static final int MAX_CLUSTER_BITS = 21;
    private static final long MAX_L1_BYTES = 32L << 20;

    private static final long DIRTY = 1;
    private static final long CORRUPT = 1 << 1;
    private static final long EXTERNAL_DATA = 1 << 2;
    private static final long COMPRESSION_TYPE = 1 << 3;
    private static final long EXTENDED_L2 = 1 << 4;
    private static final long RAW_EXTERNAL_DATA = 1 << 1; // among the auto-clear features

    private static final int END = 0;
    private static final int EXTERNAL_DATA_NAME = 0x44415441;
    private static final int ENCRYPTION_HEADER = 0x0537be77;

    static Qcow2Header read(FileChannel file) throws IOException, UnfitImageException {
        long length = file.size();
        ByteBuffer start = at(file, (int) Math.min(length, V3_LENGTH));
        int bits = clusterBits(start);
        return parse(at(file, (int) Math.min(length, 1L << bits)), length);
    }

    /**
     * @param cluster the file's first cluster, or all of a shorter file
     * @param length of the file in bytes
     */
    static Qcow2Header parse(ByteBuffer cluster, long length) throws UnfitImageException {
        int bits = clusterBits(cluster);
        long clusterSize = 1L << bits;
        if (cluster.limit() < clusterSize) {
            throw new UnfitImageException("ends before its first cluster does; it may have been copied only in part");
        }
        int version = cluster.getInt(4);
        if (cluster.getLong(8) != 0) {
            throw new UnfitImageException(
                    "has a backing file. Make an image that is whole by itself, with" + " 'qemu-img convert -O qcow2'");
        }
        if (cluster.getInt(32) != 0) {
            throw new UnfitImageException(
                    "is encrypted. Its disk gets a key of its own in the VM: give the plain image");
        }
        long incompatible = version == 2 ? 0 : cluster.getLong(72);
        features(incompatible, version == 2 ? 0 : cluster.getLong(88));
        if ((incompatible & EXTENDED_L2) != 0 && bits < 14) {
            throw damaged("extended L2 entries in clusters of " + clusterSize + " bytes");
        }
        int headerLength = version == 2 ? V2_LENGTH : headerLength(cluster);
        compression(cluster, headerLength, incompatible);
        extensions(cluster, headerLength, Math.toIntExact(clusterSize));
        long size = cluster.getLong(24);
        if (size <= 0) {
            throw new UnfitImageException("holds a disk of no size");
        }
        tables(cluster, bits, (incompatible & EXTENDED_L2) != 0, size, length);
        return new Qcow2Header(size);
    }

    /** Also that it is a qcow2 at all. */
    private static int clusterBits(ByteBuffer start) throws UnfitImageException {
        if (start.limit() < 4 || start.getInt(0) != MAGIC) {
            throw new UnfitImageException("is not a qcow2 image, as its name says");
        }
        if (start.limit() < V3_LENGTH) {
            throw new UnfitImageException("ends within its header; it may have been copied only in part");
        }
        int version = start.getInt(4);
        if (version != 2 && version != 3) {
            throw new UnfitImageException(
                    "is a qcow image of version " + Integer.toUnsignedString(version) + "; versions 2 and 3 are read");
        }
        int bits = start.getInt(20);
        if (bits < MIN_CLUSTER_BITS || bits > MAX_CLUSTER_BITS) {
            throw damaged("clusters of 2^" + Integer.toUnsignedString(bits) + " bytes");
        }
        return bits;
    }

    private static void features(long incompatible, long autoClear) throws UnfitImageException {
        if ((incompatible & EXTERNAL_DATA) != 0 || (autoClear & RAW_EXTERNAL_DATA) != 0) {
            throw externalData();
        }
        if ((incompatible & CORRUPT) != 0) {
            throw new UnfitImageException("is marked as corrupt. 'qemu-img check -r all' may repair it");
        }
        if ((incompatible & DIRTY) != 0) {
            throw new UnfitImageException("was not closed in order, or is in use. Close what writes to it, or repair it"
                    + " with 'qemu-img check -r all'");
        }
        long unknown = incompatible & -(EXTENDED_L2 << 1);
        if (unknown != 0) {
            throw new UnfitImageException("needs features that are not known here (incompatible features "
                    + Long.toHexString(unknown) + "). Make a plainer image with 'qemu-img convert -O qcow2'");
        }
    }

    private static int headerLength(ByteBuffer cluster) throws UnfitImageException {
        int length = cluster.getInt(100);
        if (length < V3_LENGTH || length % 8 != 0 || length > cluster.limit()) {
            throw damaged("a header of " + Integer.toUnsignedString(length) + " bytes");
        }
        if (Integer.compareUnsigned(cluster.getInt(96), 6) > 0) {
            throw damaged("reference counts of 2^" + Integer.toUnsignedString(cluster.getInt(96)) + " bits");
        }
        return length;
    }

    private static void compression(ByteBuffer cluster, int headerLength, long incompatible)
            throws UnfitImageException {
        int type = headerLength > V3_LENGTH ? Byte.toUnsignedInt(cluster.get(V3_LENGTH)) : 0;
        boolean said = (incompatible & COMPRESSION_TYPE) != 0;
        if (type > 1 || said != (type != 0)) {
            throw damaged("compression of type " + type);
        }
    }

    private static void extensions(ByteBuffer cluster, int from, int to) throws UnfitImageException {
        int at = from;
        while (at < to) {
            if (to - at < 8) {
                throw damaged("a header extension that does not end");
            }
            int type = cluster.getInt(at);
            long length = Integer.toUnsignedLong(cluster.getInt(at + 4));
            if (type == END) {
                return;
            }
            if (length > to - at - 8L) {
                throw damaged("a header extension that does not end");
            }
            if (type == EXTERNAL_DATA_NAME) {
                throw externalData();
            }
            if (type == ENCRYPTION_HEADER) {
                throw damaged("an encryption header without encryption");
            }
            at += 8 + (int) ((length + 7) & ~7L);
        }
    }

    /** Both tables are there, aligned, inside the file; and the first is long enough for the disk. */
    private static void tables(ByteBuffer header, int bits, boolean extendedL2, long size, long length)
            throws UnfitImageException {
        long l1Bytes = Integer.toUnsignedLong(header.getInt(36)) * 8;
        int l2Bits = bits - (extendedL2 ? 4 : 3);
        long needed = ((size - 1) >> bits >> l2Bits) + 1;
        if (l1Bytes > MAX_L1_BYTES || l1Bytes / 8 < needed) {
            throw damaged("an L1 table of " + l1Bytes + " bytes for a disk of " + size);
        }
        inside("L1 table", header.getLong(40), l1Bytes, bits, length);
        long refcountBytes = Integer.toUnsignedLong(header.getInt(56)) << bits;
        if (refcountBytes == 0) {
            throw damaged("no reference counts");
        }
        inside("reference counts", header.getLong(48), refcountBytes, bits, length);
    }

    private static void inside(String what, long offset, long bytes, int bits, long length) throws UnfitImageException {
        if (offset <= 0 || offset % (1L << bits) != 0) {
            throw damaged("its " + what + " at " + Long.toUnsignedString(offset));
        }
        if (offset > length || bytes > length - offset) {
            throw new UnfitImageException("ends before its " + what + " does; it may have been copied only in part");
        }
    }

    private static UnfitImageException externalData() {
        return new UnfitImageException("keeps its data in another file. Make an image that is whole by itself, with"
                + " 'qemu-img convert -O qcow2'");
    }

    private static UnfitImageException damaged(String what) {
        return new UnfitImageException("is damaged, or no qcow2 image: its header speaks of " + what);
    }

    private static ByteBuffer at(FileChannel file, int bytes) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(bytes);
        while (out.hasRemaining() && file.read(out, out.position()) >= 0) {}
        return out.flip();
    }
}

package dev.keyturn.server.nodes;

import dev.keyturn.host.remote.HostWire;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Frames in the body of an answer, each behind its length. */
final class Framing {
    static final String TYPE = "application/vnd.keyturn.frames";

    private Framing() {}

    static byte[] framed(byte[] frame) {
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    static void read(InputStream body, Consumer<byte[]> frames) throws IOException {
        DataInputStream in = new DataInputStream(body);
        for (int first = in.read(); first >= 0; first = in.read()) {
            int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            if (length < 0 || length > HostWire.LARGEST_FRAME) {
                throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes was announced");
            }
            byte[] frame = in.readNBytes(length); // grows with what comes, whatever was announced
            if (frame.length < length) {
                throw new EOFException("the answer ends early");
            }
            frames.accept(frame);
        }
    }
}

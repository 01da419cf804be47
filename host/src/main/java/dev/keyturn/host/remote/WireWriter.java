package dev.keyturn.host.remote;

import dev.keyturn.core.model.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Values as bytes, each of a fixed length or behind its length. What it held is zeroed when it is taken, and when it
 * grows, because it may hold data keys. Not thread-safe.
 */
final class WireWriter {
    /** The first byte of each request and of each frame. */
    static final int VERSION = 1;

    private byte[] bytes = new byte[256];
    private int size;

    WireWriter() {
        octet(VERSION);
    }

    /** All that was written; the caller zeroes it. There is nothing in the writer any more. */
    byte[] take() {
        byte[] all = Arrays.copyOf(bytes, size);
        Arrays.fill(bytes, (byte) 0);
        size = 0;
        return all;
    }

    WireWriter octet(int value) {
        room(1).put((byte) value);
        return this;
    }

    WireWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    WireWriter number(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    WireWriter number(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    WireWriter uuid(UUID value) {
        return number(value.getMostSignificantBits()).number(value.getLeastSignificantBits());
    }

    WireWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    WireWriter word(Enum<?> value) {
        return text(value.name());
    }

    WireWriter bytes(byte[] value) {
        number(value.length);
        room(value.length).put(value);
        return this;
    }

    WireWriter secret(SecretBytes value) {
        return value.reveal(this::bytes);
    }

    WireWriter duration(Duration value) {
        return number(value.getSeconds()).number(value.getNano());
    }

    WireWriter instant(Instant value) {
        return number(value.getEpochSecond()).number(value.getNano());
    }

    <T> WireWriter maybe(Optional<T> value, BiConsumer<WireWriter, T> write) {
        flag(value.isPresent());
        value.ifPresent(v -> write.accept(this, v));
        return this;
    }

    <T> WireWriter each(Collection<? extends T> values, BiConsumer<WireWriter, T> write) {
        number(values.size());
        values.forEach(v -> write.accept(this, v));
        return this;
    }

    private ByteBuffer room(int more) {
        if (more > bytes.length - size) {
            byte[] larger = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        ByteBuffer at = ByteBuffer.wrap(bytes, size, more);
        size += more;
        return at;
    }
}

package dev.keyturn.host.remote;

import dev.keyturn.core.model.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads what {@link WireWriter} has written, and nothing else: whatever is too short, too long or of another version is
 * refused, and nothing is made larger than the bytes that are there. Not thread-safe.
 */
final class WireReader {
    private final ByteBuffer in;

    /** Reads one value, which may be refused. */
    @FunctionalInterface
    interface Read<T> {
        T from(WireReader in) throws WireFormatException;
    }

    WireReader(byte[] bytes) throws WireFormatException {
        this.in = ByteBuffer.wrap(bytes);
        int version = octet();
        if (version != WireWriter.VERSION) {
            throw new WireFormatException("version " + version + " is spoken there, and version " + WireWriter.VERSION
                    + " here: run the same program on both nodes");
        }
    }

    /** All of it, with nothing behind it. */
    static <T> T whole(byte[] bytes, Read<T> read) throws WireFormatException {
        WireReader in = new WireReader(bytes);
        T value = in.read(read);
        in.end();
        return value;
    }

    void end() throws WireFormatException {
        if (in.hasRemaining()) {
            throw new WireFormatException(in.remaining() + " bytes too many");
        }
    }

    /** A record that refuses what it is made of refuses the bytes. */
    <T> T read(Read<T> read) throws WireFormatException {
        try {
            return read.from(this);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new WireFormatException("a value that cannot be: " + e.getMessage());
        }
    }

    int octet() throws WireFormatException {
        return need(1).get() & 0xFF;
    }

    boolean flag() throws WireFormatException {
        int value = octet();
        if (value > 1) {
            throw new WireFormatException("neither yes nor no: " + value);
        }
        return value == 1;
    }

    int number() throws WireFormatException {
        return need(Integer.BYTES).getInt();
    }

    long longNumber() throws WireFormatException {
        return need(Long.BYTES).getLong();
    }

    UUID uuid() throws WireFormatException {
        return new UUID(longNumber(), longNumber());
    }

    String text() throws WireFormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireFormatException("no text");
        }
    }

    <E extends Enum<E>> E word(Class<E> of) throws WireFormatException {
        String name = text();
        try {
            return Enum.valueOf(of, name);
        } catch (IllegalArgumentException e) {
            throw new WireFormatException("no " + of.getSimpleName() + " that is known here");
        }
    }

    byte[] bytes() throws WireFormatException {
        int length = number();
        if (length < 0) {
            throw new WireFormatException("a length below zero");
        }
        need(length);
        byte[] value = new byte[length];
        in.get(value);
        return value;
    }

    /** The caller closes it. */
    SecretBytes secret() throws WireFormatException {
        return SecretBytes.adopt(bytes());
    }

    Duration duration() throws WireFormatException {
        return Duration.ofSeconds(longNumber(), nanos());
    }

    Instant instant() throws WireFormatException {
        long seconds = longNumber();
        int nanos = nanos();
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (java.time.DateTimeException e) {
            throw new WireFormatException("no time: " + seconds);
        }
    }

    private int nanos() throws WireFormatException {
        int nanos = number();
        if (nanos < 0 || nanos >= 1_000_000_000) {
            throw new WireFormatException("no nanoseconds: " + nanos);
        }
        return nanos;
    }

    <T> Optional<T> maybe(Read<T> read) throws WireFormatException {
        return flag() ? Optional.of(read.from(this)) : Optional.empty();
    }

    <T> List<T> each(Read<T> read) throws WireFormatException {
        int count = number();
        if (count < 0 || count > in.remaining()) { // each takes a byte at least
            throw new WireFormatException("more entries than bytes");
        }
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(read.from(this));
        }
        return all;
    }

    private ByteBuffer need(int count) throws WireFormatException {
        if (count > in.remaining()) {
            throw new WireFormatException("it ends early");
        }
        return in;
    }
}

package dev.keyturn.host.remote;

import java.io.IOException;
import java.util.function.Consumer;

/** What carries calls to the node that serves a host. Thread-safe. */
@FunctionalInterface
public interface HostWire {
    /** The most bytes of one frame of an answer. */
    int LARGEST_FRAME = 64 << 20;

    /** The most bytes of a request: an order about some ten thousand images. */
    int LARGEST_REQUEST = 1 << 20;

    /**
     * Carries one call, and gives the frames of its answer to {@code frames} as they come, on the calling thread. Returns
     * behind the last one. Whoever calls it interrupts it where it takes too long. It keeps nothing of {@code request},
     * which may hold data keys and is zeroed afterwards.
     *
     * @throws IOException where the answer does not come whole; whether the call was carried out is not known then
     * @throws dev.keyturn.core.model.DomainException {@code Unavailable}, where the call was not even sent
     */
    void carry(String host, WireCall call, byte[] request, Consumer<byte[]> frames)
            throws IOException, InterruptedException;
}

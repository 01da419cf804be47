package dev.keyturn.node;

import dev.keyturn.core.host.ServedHost;
import dev.keyturn.host.remote.WireCall;
import java.io.IOException;
import java.util.function.Consumer;

/** What carries calls from this node to others. Thread-safe. */
@FunctionalInterface
public interface NodeWire {
    /** Of a node that calls nobody. */
    NodeWire NONE = (_, _, _, _) -> {
        throw new IOException("this node was started without a way to others");
    };

    /**
     * As {@link dev.keyturn.host.remote.HostWire#carry}, to the node that is written down as the host's owner, at the
     * address that this one gave.
     */
    void carry(ServedHost to, WireCall call, byte[] request, Consumer<byte[]> frames)
            throws IOException, InterruptedException;
}

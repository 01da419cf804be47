package dev.keyturn.host.remote;

import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.vital.VitalThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Nodes of one process, between which everything goes as bytes; a line may be cut. */
public final class MemoryWire implements HostWire {
    /** Where the next call fails. */
    public enum Cut {
        BEFORE,
        DURING,
        AFTER
    }

    private final Map<String, HostEndpoint> served = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<Cut>> cut = new AtomicReference<>(Optional.empty());

    public MemoryWire serving(VmHost host) {
        served.put(host.info().name(), new HostEndpoint(host, new VitalThreads((_, _) -> {}), Duration.ofMillis(20)));
        return this;
    }

    /** The node that serves it is gone. */
    public void gone(String host) {
        served.remove(host);
    }

    public void cut(Cut where) {
        cut.set(Optional.of(where));
    }

    @Override
    public void carry(String host, WireCall call, byte[] request, Consumer<byte[]> frames)
            throws IOException, InterruptedException {
        Optional<Cut> now = cut.getAndSet(Optional.empty());
        HostEndpoint endpoint = served.get(host);
        if (endpoint == null || now.filter(Cut.BEFORE::equals).isPresent()) {
            throw new IOException("connection refused");
        }
        Answering answer = endpoint.begin(call, request.clone());
        if (now.filter(Cut.DURING::equals).isPresent()) {
            frames.accept(new Frame.Busy().bytes());
            throw new IOException("connection reset");
        }
        for (Optional<byte[]> frame = answer.next(); frame.isPresent(); frame = answer.next()) {
            if (now.isPresent() && Frame.of(frame.get()).last()) {
                throw new IOException("connection reset");
            }
            frames.accept(frame.get());
        }
    }
}

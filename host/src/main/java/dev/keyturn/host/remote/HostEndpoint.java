package dev.keyturn.host.remote;

import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.core.vital.VitalThreads;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.slf4j.LoggerFactory;

/**
 * The other end of {@link RemoteHost}: carries out on a host of this node what another node asks for. It asks nobody
 * whether that may be: who may call is decided before. Thread-safe.
 */
public final class HostEndpoint {
    private static final FaultLog FAULTS = new FaultLog(LoggerFactory.getLogger(HostEndpoint.class));
    /** Calls that nobody waits for any more go on; so many may be under way at one host. */
    private static final int MOST = 256;

    private final VmHost host;
    private final VitalThreads vital;
    private final Duration often;
    private final Semaphore free = new Semaphore(MOST);

    /** @param vital what follows where the runtime breaks while a call is carried out */
    public HostEndpoint(VmHost host, VitalThreads vital) {
        this(host, vital, Answering.OFTEN);
    }

    HostEndpoint(VmHost host, VitalThreads vital, Duration often) {
        this.host = host;
        this.vital = vital;
        this.often = often;
    }

    public String name() {
        return host.info().name();
    }

    /** Begins the call, on a thread of its own. Takes {@code request} over, and zeroes it. */
    public Answering begin(WireCall call, byte[] request) {
        Answering answering = new Answering(often);
        if (!free.tryAcquire()) {
            Arrays.fill(request, (byte) 0);
            answering.end(new Frame.Refused(new DomainError.Unavailable(ErrorInfo.at(
                    name(), "HostNotReachable", "The host '" + name() + "' has " + MOST + " calls under way."))));
            return answering;
        }
        var _ = Thread.ofVirtual()
                .name(call.wire() + " for another node at " + name())
                .start(() -> vital.guard(() -> {
                    try {
                        answering.end(answer(call, request, answering));
                    } finally {
                        free.release();
                    }
                }));
        return answering;
    }

    private Frame answer(WireCall call, byte[] request, Answering answering) {
        try (Lent lent = new Lent()) {
            Job job = WireReader.whole(request, in -> Job.of(call, in, lent, answering));
            WireWriter out = new WireWriter();
            job.run(host, out);
            return new Frame.Returned(out.take());
        } catch (WireFormatException e) {
            return new Frame.Refused(new DomainError.Unavailable(ErrorInfo.at(
                    name(), "HostNotReachable", "The host '" + name() + "' was not asked: " + e.getMessage() + ".")));
        } catch (DomainException e) {
            return new Frame.Refused(e.error());
        } catch (LeaseLostException e) {
            return new Frame.Fenced(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            FAULTS.tell(name(), "failed at " + call.wire() + " for another node; host", e);
            return new Frame.Broken();
        } finally {
            Arrays.fill(request, (byte) 0);
        }
    }
}

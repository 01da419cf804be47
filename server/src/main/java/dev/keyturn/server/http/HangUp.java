package dev.keyturn.server.http;

import dev.keyturn.core.model.Errand;
import java.io.IOException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a client hangs up while its request waits. A server that does not read does not learn of it, so this asks
 * the connection to tell when there is something to read, and reads nothing out of it: bytes of a next request stay where
 * they are, and end the watch after a few looks, since behind them the end cannot be seen.
 */
final class HangUp implements Callback, Errand.Watch {
    private static final class Unwatched extends IOException {
        private static final long serialVersionUID = 1L;

        Unwatched() {
            super("nobody watches any more");
        }
    }

    private final AbstractEndPoint end;
    private final Runnable action;
    private boolean watching = true;
    private int looksLeft = 16;

    private HangUp(AbstractEndPoint end, Runnable action) {
        this.end = end;
        this.action = action;
    }

    static Errand.Watch watch(org.eclipse.jetty.server.Request jetty, Runnable action) {
        EndPoint end = jetty.getConnectionMetaData().getConnection().getEndPoint();
        if (!(end instanceof AbstractEndPoint known)) {
            return () -> {};
        }
        HangUp watch = new HangUp(known, action);
        if (!known.tryFillInterested(watch)) {
            return () -> {}; // somebody reads already, and will see it
        }
        return watch;
    }

    @Override
    public void succeeded() {
        synchronized (this) {
            if (!watching) {
                return;
            }
            if (!ended()) {
                // nothing, and then it is watched on; or a next request, and then this happens again at once
                watching = --looksLeft > 0 && end.tryFillInterested(this);
                return;
            }
            watching = false;
        }
        action.run();
    }

    @Override
    public void failed(Throwable x) {
        synchronized (this) {
            if (!watching) {
                return;
            }
            watching = false;
        }
        action.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!watching) {
                return;
            }
            watching = false;
        }
        end.getFillInterest().onFail(new Unwatched());
    }

    private boolean ended() {
        try {
            return end.fill(BufferUtil.EMPTY_BUFFER) < 0;
        } catch (IOException e) {
            return true;
        }
    }
}

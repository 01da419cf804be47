package dev.keyturn.bench.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way over TCP, to the first of several places that takes the connection, in turn. It can be held: then nothing gets
 * through, in neither direction, and nobody is told, as where a network is parted. Thread-safe.
 */
final class TcpLink implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int BLOCK = 16 << 10;

    private final ServerSocket door;
    private final List<InetSocketAddress> places;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean held;

    TcpLink(InetAddress address, int port, List<InetSocketAddress> places) throws IOException {
        this.places = List.copyOf(places);
        door = new ServerSocket(port, 200, address);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void hold() {
        synchronized (gate) {
            held = true;
        }
    }

    /** What was held goes on its way. */
    void release() {
        synchronized (gate) {
            held = false;
            gate.notifyAll();
        }
    }

    /** Breaks every connection that there is. */
    void cut() {
        open.forEach(TcpLink::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket from = door.accept();
                Thread.ofVirtual().start(() -> join(from));
            } catch (IOException e) {
                // closed, or the next one
            }
        }
    }

    private void join(Socket from) {
        open.add(from);
        pass();
        int first = turn.getAndIncrement();
        for (int i = 0; i < places.size(); i++) {
            Socket to = new Socket();
            try {
                to.connect(places.get(Math.floorMod(first + i, places.size())), CONNECT_MILLIS);
                open.add(to);
                Thread.ofVirtual().start(() -> pump(to, from));
                pump(from, to);
                return;
            } catch (IOException e) {
                close(to);
            }
        }
        close(from);
    }

    private void pump(Socket from, Socket to) {
        byte[] block = new byte[BLOCK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                pass();
                out.write(block, 0, n);
            }
        } catch (IOException e) {
            // both ends are told below
        } finally {
            pass();
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private void pass() {
        synchronized (gate) {
            while (held) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no more use
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            // it is of no more use
        }
        release();
        cut();
    }
}

package dev.keyturn.cli.demo;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The last line of a terminal while a step is at work: what is done, how far it is, that it is alive. Thread-safe. */
final class LiveLine implements AutoCloseable {
    private static final int BAR = 24;
    private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final String ASCII_SPINNER = "|/-\\";

    private final PrintWriter out;
    private final Look look;
    private final String doing;
    private final ScheduledExecutorService timer;
    private final long began = System.nanoTime();
    private int percent = -1;
    private int turn;
    private boolean closed;

    LiveLine(PrintWriter out, Look look, String doing) {
        this.out = out;
        this.look = look;
        this.doing = doing;
        timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());
        var _ = timer.scheduleAtFixedRate(this::draw, 0, 90, TimeUnit.MILLISECONDS);
    }

    synchronized void at(int now) {
        percent = now;
    }

    private synchronized void draw() {
        if (closed) {
            return;
        }
        String signs = look.unicode() ? SPINNER : ASCII_SPINNER;
        String line = "  " + signs.charAt(turn++ % signs.length()) + " " + doing + " ...";
        if (percent >= 0) {
            int full = BAR * percent / 100;
            String on = look.unicode() ? "█" : "#";
            String off = look.unicode() ? "░" : ".";
            line += "  " + on.repeat(full) + off.repeat(BAR - full) + " " + percent + " %";
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        if (seconds >= 2) {
            line += "  " + seconds + " s";
        }
        out.print("\r\033[2K" + line.substring(0, Math.min(line.length(), look.width() - 1)));
        out.flush();
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
        out.print("\r\033[2K");
        out.flush();
    }
}

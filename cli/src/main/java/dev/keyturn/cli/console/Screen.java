package dev.keyturn.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Where a console is shown: text alone on a terminal, every byte as it is anywhere else. Not thread-safe. */
public final class Screen {
    private final OutputStream out;
    private final boolean terminal;
    private final TerminalText text = new TerminalText();

    public Screen(OutputStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** @throws IOException where nobody reads any more */
    public void show(byte[] written) throws IOException {
        out.write(terminal ? text.next(written).getBytes(StandardCharsets.UTF_8) : written);
        out.flush();
    }
}

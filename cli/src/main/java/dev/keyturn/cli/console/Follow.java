package dev.keyturn.cli.console;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.RefusedException;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Shows a console and then what is new on it, for as long as there are looks to take. A server that does not answer for
 * a while (it is started anew, its host is away) is waited for; a refusal ends it. For one thread.
 */
public final class Follow {
    private static final int UNAVAILABLE = 503;

    /** Where the console's newest bytes come from. */
    public interface Source {
        /** @throws CliException where none came; a {@link RefusedException} where the server refuses */
        byte[] read();
    }

    /** Waits until it is time for another look; false where there shall be none. */
    public interface Looks {
        boolean next();
    }

    private final Source source;
    private final Screen screen;
    private final Consumer<String> notes;
    private final Tail tail = new Tail();
    private boolean away;

    /** @param notes hears, in one line each, what a reader should know beside the text */
    public Follow(Source source, Screen screen, Consumer<String> notes) {
        this.source = source;
        this.screen = screen;
        this.notes = notes;
    }

    /** @throws IOException where nobody reads the screen any more */
    public void run(Looks looks) throws IOException {
        screen.show(tail.next(source.read()));
        while (looks.next()) {
            look();
        }
    }

    private void look() throws IOException {
        byte[] window;
        try {
            window = source.read();
        } catch (CliException e) {
            if (e instanceof RefusedException refused && refused.httpStatus() != UNAVAILABLE) {
                throw e;
            }
            if (!away) {
                notes.accept(e.lines().getFirst() + "; still trying");
            }
            away = true;
            return;
        }
        away = false;
        byte[] fresh = tail.next(window);
        if (tail.gap()) {
            notes.accept("the console began anew, or wrote more at once than is kept: some text may be missing here");
        }
        screen.show(fresh);
    }
}

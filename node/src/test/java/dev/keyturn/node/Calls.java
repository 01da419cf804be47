package dev.keyturn.node;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import java.util.UUID;

/** Calls of tests that are about something else than who may do it: nobody is asked about them. */
public final class Calls {
    private Calls() {}

    public static Call by(String name) {
        return Call.server(new Caller(Call.SERVER.principal(), name), new UUID(0, 1));
    }
}

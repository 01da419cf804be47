package dev.keyturn.host.remote;

import java.io.IOException;

/** Bytes that are no call and no answer of this version. */
public final class WireFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    WireFormatException(String message) {
        super(message);
    }
}

package dev.keyturn.keys;

/** The master key file cannot be used; the message is one sentence or two for the person who starts the server. */
public final class MasterKeyFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public MasterKeyFileException(String message) {
        super(message);
    }
}

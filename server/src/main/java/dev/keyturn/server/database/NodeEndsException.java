package dev.keyturn.server.database;

/** This node must not go on: its process ends. */
final class NodeEndsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeEndsException(String why) {
        super(why);
    }
}

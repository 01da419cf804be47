package dev.keyturn.host.libvirt;

/** One of the host's programs could not do its work; the message says which and why, and carries no secret. */
final class ToolFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ToolFailedException(String message) {
        super(message);
    }
}

package dev.keyturn.host;

/** An image file that no disk is filled from. The message is a sentence for whoever asked for it. */
public final class UnusableImageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnusableImageException(String message) {
        super(message);
    }
}

package dev.keyturn.host.images;

/** An image file that must not be used. The message is a sentence without its subject: "has a backing file". */
final class UnfitImageException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitImageException(String message) {
        super(message);
    }
}

package dev.keyturn.server.identity.outside;

/** The provider does not answer, or not as a provider does. The message says what happened, for the log. */
public final class ProviderAwayException extends Exception {
    private static final long serialVersionUID = 1L;

    ProviderAwayException(String message) {
        super(message);
    }
}

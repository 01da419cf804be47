package dev.keyturn.core.model;

/**
 * The one exception by which the domain refuses. Any other exception that escapes a service is a bug. It carries no
 * stack trace: a refusal is an answer, not a fault.
 */
public final class DomainException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient DomainError error;

    public DomainException(DomainError error) {
        super(error.info().code() + ": " + error.info().message(), null, false, false);
        this.error = error;
    }

    public DomainError error() {
        return error;
    }
}

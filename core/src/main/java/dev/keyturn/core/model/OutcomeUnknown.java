package dev.keyturn.core.model;

/**
 * A store's refusal that says neither that a write was done nor that it was not: it was begun, and nobody waited for its
 * end. What was made for it elsewhere must stay, because the write may yet point to it. Any other failure of a write
 * says that nothing of it is there.
 */
public final class OutcomeUnknown {
    public static final String CODE = "StorageOutcomeUnknown";

    private OutcomeUnknown() {}

    /** As a refusal of kind {@code Unavailable}. */
    public static DomainException because(String message) {
        return new DomainError.Unavailable(ErrorInfo.of(CODE, message)).asException();
    }

    public static boolean is(Throwable failure) {
        return failure instanceof DomainException refused
                && refused.error() instanceof DomainError.Unavailable
                && refused.error().info().code().equals(CODE);
    }
}

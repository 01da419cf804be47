package dev.keyturn.host.remote;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Duration;
import java.util.Optional;

/** A part of an answer: any number of signs that the call is being carried out, and then one that ends it. */
sealed interface Frame {
    /** It is at it. */
    record Busy() implements Frame {}

    /** So far, in percent. */
    record Percent(int percent) implements Frame {}

    /** What the call returned, as bytes of its own. */
    record Returned(byte[] value) implements Frame {}

    record Refused(DomainError error) implements Frame {}

    /** The order of an earlier claim. */
    record Fenced(String message) implements Frame {}

    /** The host failed in a way that is a bug; the log over there has the cause. */
    record Broken() implements Frame {}

    default boolean last() {
        return !(this instanceof Busy || this instanceof Percent);
    }

    private static WireWriter begun(int type) {
        return new WireWriter().octet(type);
    }

    default byte[] bytes() {
        return switch (this) {
            case Busy _ -> begun(0).take();
            case Percent p -> begun(1).octet(p.percent()).take();
            case Returned r -> begun(2).bytes(r.value()).take();
            case Refused r -> error(begun(3), r.error()).take();
            case Fenced f -> begun(4).text(f.message()).take();
            case Broken _ -> begun(5).take();
        };
    }

    static Frame of(byte[] bytes) throws WireFormatException {
        return WireReader.whole(bytes, in -> {
            int type = in.octet();
            return switch (type) {
                case 0 -> new Busy();
                case 1 -> new Percent(in.octet());
                case 2 -> new Returned(in.bytes());
                case 3 -> new Refused(error(in));
                case 4 -> new Fenced(in.text());
                case 5 -> new Broken();
                default -> throw new WireFormatException("no frame that is known here: " + type);
            };
        });
    }

    /** The variants of {@link DomainError}. */
    enum Kind {
        INVALID,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        CONFLICT,
        PRECONDITION_FAILED,
        TOO_SLOW,
        TOO_LARGE,
        THROTTLED,
        UNAVAILABLE;

        static Kind of(DomainError error) {
            return switch (error) {
                case DomainError.Invalid _ -> INVALID;
                case DomainError.Unauthenticated _ -> UNAUTHENTICATED;
                case DomainError.Forbidden _ -> FORBIDDEN;
                case DomainError.NotFound _ -> NOT_FOUND;
                case DomainError.MethodNotAllowed _ -> METHOD_NOT_ALLOWED;
                case DomainError.Conflict _ -> CONFLICT;
                case DomainError.PreconditionFailed _ -> PRECONDITION_FAILED;
                case DomainError.TooSlow _ -> TOO_SLOW;
                case DomainError.TooLarge _ -> TOO_LARGE;
                case DomainError.Throttled _ -> THROTTLED;
                case DomainError.Unavailable _ -> UNAVAILABLE;
            };
        }

        private DomainError error(ErrorInfo info, Optional<Duration> after) throws WireFormatException {
            return switch (this) {
                case INVALID -> new DomainError.Invalid(info);
                case UNAUTHENTICATED -> new DomainError.Unauthenticated(info);
                case FORBIDDEN -> new DomainError.Forbidden(info);
                case NOT_FOUND -> new DomainError.NotFound(info);
                case METHOD_NOT_ALLOWED -> new DomainError.MethodNotAllowed(info);
                case CONFLICT -> new DomainError.Conflict(info, after);
                case PRECONDITION_FAILED -> new DomainError.PreconditionFailed(info);
                case TOO_SLOW -> new DomainError.TooSlow(info);
                case TOO_LARGE -> new DomainError.TooLarge(info);
                case THROTTLED ->
                    new DomainError.Throttled(
                            info, after.orElseThrow(() -> new WireFormatException("no delay where one belongs")));
                case UNAVAILABLE -> new DomainError.Unavailable(info);
            };
        }
    }

    private static WireWriter error(WireWriter out, DomainError error) {
        Optional<Duration> after = switch (error) {
            case DomainError.Conflict c -> c.retryAfter();
            case DomainError.Throttled t -> Optional.of(t.retryAfter());
            default -> Optional.empty();
        };
        out.word(Kind.of(error));
        HostRecords.info(out, error.info());
        return out.maybe(after, WireWriter::duration);
    }

    private static DomainError error(WireReader in) throws WireFormatException {
        Kind kind = in.word(Kind.class);
        ErrorInfo info = HostRecords.infoFrom(in);
        return kind.error(info, in.maybe(WireReader::duration));
    }
}

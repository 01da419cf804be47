package dev.keyturn.core.identity;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who asks for something, and how: what every service method that does something for somebody takes first. Immutable.
 *
 * <p>A request makes one with the constructor. What the server does by itself has a call too, so that it is recorded: it
 * comes from {@link #server} or {@link #asIdentity}, which no code that answers requests may call (a
 * test of the architecture holds it to that).
 */
public final class Call {
    /** Where a call comes in. */
    public enum Door {
        ARM,
        VAULT,
        GRAPH,
        PORTAL,
        COMMAND_LINE,
        /** The server itself: for an operation, a policy, or a set's identity. */
        SERVER
    }

    /** The server where it acts for nobody. It has no principal in the directory and no roles. */
    public static final Caller SERVER = new Caller(new PrincipalId(new UUID(0, 0)), "Keyturn");

    /** Longest id that is kept of a client's own ({@code x-ms-client-request-id}). */
    public static final int CLIENT_REQUEST = 100;

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1," + CLIENT_REQUEST + "}");

    private final Caller caller;
    private final UUID correlation;
    private final Optional<String> clientRequest;
    private final Door door;
    private final boolean decided;
    private final boolean rehearsal;

    /**
     * A call of a request's.
     *
     * @param correlation the same for all that follows from one request; the answer names it
     * @param clientRequest the client's own id of its request; left out where it is not printable ASCII without blanks,
     *     or longer than {@value #CLIENT_REQUEST} characters
     * @throws IllegalArgumentException for {@code Door.SERVER}: no request comes through it
     */
    public Call(Caller caller, UUID correlation, Optional<String> clientRequest, Door door) {
        this(
                caller,
                correlation,
                clientRequest.filter(id -> PRINTABLE.matcher(id).matches()),
                door,
                false,
                false);
        if (door == Door.SERVER) {
            throw new IllegalArgumentException("a request does not come through the server's own door");
        }
    }

    private Call(
            Caller caller,
            UUID correlation,
            Optional<String> clientRequest,
            Door door,
            boolean decided,
            boolean rehearsal) {
        this.caller = caller;
        this.correlation = correlation;
        this.clientRequest = clientRequest;
        this.door = door;
        this.decided = decided;
        this.rehearsal = rehearsal;
    }

    /**
     * The same call as a rehearsal: whatever it is let to write is taken back again, and {@code Rehearsed} is thrown in
     * place of an answer. What it is refused, it is refused as the call itself would be.
     */
    public Call rehearsed() {
        return new Call(caller, correlation, clientRequest, door, decided, true);
    }

    /**
     * What the server does by itself, or for an operation that somebody was allowed to begin: no roles are asked for; it
     * is recorded.
     *
     * @param caller for whom; {@link #SERVER} where it is for nobody
     * @param correlation the operation's id where there is one
     */
    public static Call server(Caller caller, UUID correlation) {
        return new Call(caller, correlation, Optional.empty(), Door.SERVER, true, false);
    }

    /**
     * What the server does as an identity of a resource, such as the unwrapping of a set key: asked as everybody is, for
     * the identity's own roles.
     */
    public static Call asIdentity(Caller identity, UUID correlation) {
        return new Call(identity, correlation, Optional.empty(), Door.SERVER, false, false);
    }

    public Caller caller() {
        return caller;
    }

    public UUID correlation() {
        return correlation;
    }

    public Optional<String> clientRequest() {
        return clientRequest;
    }

    public Door door() {
        return door;
    }

    /** Whether it is to be tried alone. */
    public boolean rehearsal() {
        return rehearsal;
    }

    /** Whether it was decided before that this may be done, so that no roles are asked for. */
    public boolean decided() {
        return decided;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Call that
                && caller.equals(that.caller)
                && correlation.equals(that.correlation)
                && clientRequest.equals(that.clientRequest)
                && door == that.door
                && decided == that.decided
                && rehearsal == that.rehearsal;
    }

    @Override
    public int hashCode() {
        return Objects.hash(caller, correlation, clientRequest, door, decided, rehearsal);
    }

    @Override
    public String toString() {
        return "Call[" + caller.name() + " through " + door + ", " + correlation + "]";
    }
}

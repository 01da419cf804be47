package dev.keyturn.server.http;

/**
 * What came with a request's head: who sends it, and the body, which is read only when somebody asks for it. Until
 * {@link #admit} says that the caller is known, no more than {@value #OPEN_BODY} bytes of it are read.
 */
public interface Arrival {
    /** The largest body of a caller without a token: a form for the token endpoint. */
    int OPEN_BODY = 16 << 10;

    /** The client's address as text, an IPv6 one cut to its /64: what limits per address count. */
    String address();

    /**
     * The body, read when it is first asked for; the same bytes afterwards. Blocks, within the time that the body's
     * length allows.
     *
     * @throws dev.keyturn.core.model.DomainException {@code TooLarge}, {@code TooSlow}, {@code Invalid} where it ends
     *     early, {@code Unavailable} where too many bodies are being read
     */
    byte[] body();

    /**
     * Says that the request is this principal's: its token, or its secret, was checked.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Throttled} where the principal has too many requests under
     *     way, {@code Unavailable} where all have
     */
    void admit(String principal);

    /** One that is here whole, from nowhere in particular. */
    static Arrival of(byte[] body) {
        return new Arrival() {
            @Override
            public String address() {
                return "";
            }

            @Override
            public byte[] body() {
                return body;
            }

            @Override
            public void admit(String principal) {
                // nothing to count
            }
        };
    }
}

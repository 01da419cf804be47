package dev.keyturn.server.http;

/** Which surface answers at a host name. Every name has one: who comes by an unknown name gets the main surface. */
@FunctionalInterface
public interface Surfaces {
    /** {@code host} is in lower case and without a port. */
    Surface at(String host);
}

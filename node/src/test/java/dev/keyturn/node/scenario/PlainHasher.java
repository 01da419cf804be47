package dev.keyturn.node.scenario;

import dev.keyturn.core.people.PasswordHasher;

/** No secret, but quick. */
final class PlainHasher implements PasswordHasher {
    @Override
    public String hash(String password) {
        return "hash:" + password;
    }

    @Override
    public boolean matches(String stored, String password) {
        return stored.equals(hash(password));
    }
}

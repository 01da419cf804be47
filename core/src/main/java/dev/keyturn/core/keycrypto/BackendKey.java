package dev.keyturn.core.keycrypto;

/** A key version as its backend sees it; {@code handle} means something to the backend alone. */
public record BackendKey(KeySpec spec, String version, PublicPart publicPart, byte[] handle) {
    @Override
    public String toString() {
        return "BackendKey[" + spec.text() + ", version " + version + "]";
    }
}

package dev.keyturn.server.nodes;

import dev.keyturn.core.envelope.MacKey;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.server.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the head of a call from node to node says: who calls whom, when, what about, and the digest of the body; under an
 * HMAC with a key that only holders of the master key have. So whoever cannot make one learns nothing and has no body
 * read, and what was sealed for one start of one node is good for no other.
 *
 * @param from the caller, as {@code name/instance}
 * @param to the start of the node that it means
 * @param nonce 128 random bits, never used twice
 * @param digest SHA-256 of the body, in hexadecimal
 */
record NodeSeal(String from, String to, Instant at, String nonce, String digest) {
    private static final String PREFIX = "keyturn-node-";
    private static final String MAC = PREFIX + "mac";
    private static final String CONTEXT = "keyturn node call 1";
    private static final int LONGEST = 200;

    static NodeSeal of(LeaseOwner from, LeaseOwner to, Instant at, byte[] nonce, byte[] body) {
        return new NodeSeal(
                from.toString(),
                to.toString(),
                Instant.ofEpochMilli(at.toEpochMilli()),
                HexFormat.of().formatHex(nonce),
                digest(body));
    }

    /** The headers of a call of this name about this host. */
    Map<String, String> headers(Key key, String host, String call) {
        Map<String, String> headers = new TreeMap<>();
        headers.put(PREFIX + "from", from);
        headers.put(PREFIX + "to", to);
        headers.put(PREFIX + "at", Long.toString(at.toEpochMilli()));
        headers.put(PREFIX + "nonce", nonce);
        headers.put(PREFIX + "digest", digest);
        headers.put(MAC, HexFormat.of().formatHex(mac(key, host, call)));
        return headers;
    }

    /** What the request's head says, where it was sealed with the key; the comparison takes the same time whatever is wrong. */
    static Optional<NodeSeal> open(Key key, Request request, String host, String call) {
        Optional<String> from = field(request, PREFIX + "from");
        Optional<String> to = field(request, PREFIX + "to");
        Optional<Long> at = field(request, PREFIX + "at").flatMap(NodeSeal::number);
        Optional<String> nonce = field(request, PREFIX + "nonce");
        Optional<String> digest = field(request, PREFIX + "digest");
        Optional<byte[]> mac = field(request, MAC).flatMap(NodeSeal::bytes);
        if (from.isEmpty() || to.isEmpty() || at.isEmpty() || nonce.isEmpty() || digest.isEmpty() || mac.isEmpty()) {
            return Optional.empty();
        }
        NodeSeal seal = new NodeSeal(from.get(), to.get(), Instant.ofEpochMilli(at.get()), nonce.get(), digest.get());
        return MessageDigest.isEqual(seal.mac(key, host, call), mac.get()) ? Optional.of(seal) : Optional.empty();
    }

    boolean covers(byte[] body) {
        return MessageDigest.isEqual(
                digest.getBytes(StandardCharsets.US_ASCII), digest(body).getBytes(StandardCharsets.US_ASCII));
    }

    boolean isFor(LeaseOwner node) {
        return to.equals(node.toString());
    }

    /** Each part behind its length, so that no two calls are sealed alike. */
    private byte[] mac(Key key, String host, String call) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String part :
                    new String[] {CONTEXT, host, call, from, to, Long.toString(at.toEpochMilli()), nonce, digest}) {
                byte[] text = part.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MacKey.tag(key, bytes.toByteArray());
    }

    private static Optional<String> field(Request request, String name) {
        return request.header(name).filter(v -> v.length() <= LONGEST);
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> bytes(String hex) {
        try {
            return Optional.of(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

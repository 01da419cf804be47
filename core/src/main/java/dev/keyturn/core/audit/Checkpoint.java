package dev.keyturn.core.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A signed word that the chain of a node had reached this record by this time: what was cut off at its end, or what is
 * missing at its begin, shows against it. Checkpoints are chained as records are.
 *
 * @param number 1 for the first of the node, then one more each time
 * @param sequence of the newest record that it vouches for
 * @param at by the clock of the machine, in milliseconds
 * @param hash of that record
 * @param before {@link #own} of the checkpoint before; {@link ChainHash#NONE} for the first
 * @param keyId names the key that signed it
 * @param signature Ed25519 over {@link #signed}
 */
public record Checkpoint(
        String node,
        long number,
        long sequence,
        Instant at,
        ChainHash hash,
        ChainHash before,
        String keyId,
        byte[] signature) {
    private static final String FORMAT = "keyturn-checkpoint-1";

    public Checkpoint {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /** What is signed: a hash over every field but the signature. */
    public byte[] signed() {
        return new ChainHash.Digest(FORMAT)
                .text(node)
                .number(number)
                .number(sequence)
                .number(at.toEpochMilli())
                .hash(hash)
                .hash(before)
                .text(keyId)
                .end()
                .bytes();
    }

    /** What the next one has as its {@code before}. */
    public ChainHash own() {
        return new ChainHash.Digest(FORMAT).bytes(signed()).bytes(signature).end();
    }

    /** As {@link AuditRecord#fields}. */
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> out = new LinkedHashMap<>();
        out.put("node", node);
        out.put("number", number);
        out.put("sequence", sequence);
        out.put("at", at.toString());
        out.put("hash", hash.hex());
        out.put("before", before.hex());
        out.put("keyId", keyId);
        out.put("signature", Base64.getEncoder().encodeToString(signature));
        return out;
    }

    public Link link() {
        return new Link(node, sequence, hash);
    }

    Checkpoint with(byte[] signature) {
        return new Checkpoint(node, number, sequence, at, hash, before, keyId, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpoint that
                && node.equals(that.node)
                && Arrays.equals(signed(), that.signed())
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return Objects.hash(node, number);
    }

    @Override
    public String toString() {
        return "Checkpoint[" + node + " " + number + ", record " + sequence + ", " + at + ", "
                + HexFormat.of().formatHex(signature, 0, Math.min(4, signature.length)) + "]";
    }
}

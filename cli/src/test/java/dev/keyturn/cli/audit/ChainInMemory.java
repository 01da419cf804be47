package dev.keyturn.cli.audit;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.CheckpointKeys;
import dev.keyturn.core.audit.CheckpointSigner;
import dev.keyturn.core.audit.Checkpoints;
import dev.keyturn.core.audit.LastCheckpoints;
import dev.keyturn.core.audit.Link;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.json.Json;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** A chain with its checkpoints, and the lines that an export of it has. */
final class ChainInMemory implements AuditStore, Transactions, CheckpointSigner, LastCheckpoints {
    private static final Tx TX = new Tx() {};
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T10:00:00Z"), ZoneOffset.UTC);

    private final List<AuditRecord> records = new ArrayList<>();
    private final List<Checkpoint> signed = new ArrayList<>();
    private final Map<String, Last> last = new HashMap<>();
    private Optional<Checkpoint> cut = Optional.empty();
    private final KeyPair pair;
    private final AuditLog log = new AuditLog(this, CLOCK, "n1");
    private final Checkpoints checkpoints = new Checkpoints(this, this, log, this, this, ServerTime.of(CLOCK), "n1");

    ChainInMemory() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void add() {
        Call call = new Call(
                new Caller(new PrincipalId(UUID.randomUUID()), "who"),
                UUID.randomUUID(),
                Optional.of("mine"),
                Call.Door.VAULT);
        AuditEntry entry = new AuditEntry(
                call,
                Action.KEY_UNWRAP,
                new Scope("/hsm/h"),
                Optional.of("https://v/keys/k/1"),
                Outcome.FAILED,
                Optional.of("Code"),
                Optional.of(UUID.randomUUID()));
        log.append(TX, entry);
    }

    void sign() {
        checkpoints.sign();
    }

    /** Retention of no time at all: everything that is signed goes. */
    void cutAll() {
        checkpoints.cut(Duration.ZERO);
    }

    String lastHash() {
        return signed.getLast().own().hex();
    }

    List<String> lines() {
        List<String> out = new ArrayList<>();
        ObjectNode header = Json.object().put("format", ExportLines.FORMAT);
        header.putArray("keys").addObject().put("publicKey", Base64.getEncoder().encodeToString(publicKey()));
        header.putArray("nodes").addObject().put("name", "n1");
        out.add(Json.text(header));
        List<Checkpoint> left = new ArrayList<>(signed);
        cut.ifPresent(c -> {
            while (!left.isEmpty() && left.getFirst().number() <= c.number()) {
                out.add(Json.text(Json.object().set("checkpoint", ExportLines.json(left.removeFirst()))));
            }
            ObjectNode begin = Json.object().put("node", "n1").put("checkpoint", c.number());
            out.add(Json.text(Json.object().set("begin", begin.put("because", "retention"))));
        });
        for (AuditRecord r : records) {
            out.add(Json.text(Json.object().set("record", ExportLines.json(r))));
            while (!left.isEmpty() && left.getFirst().sequence() <= r.sequence()) {
                out.add(Json.text(Json.object().set("checkpoint", ExportLines.json(left.removeFirst()))));
            }
        }
        out.add("{\"end\":{\"lines\":" + out.size() + "}}");
        return out;
    }

    @Override
    public String keyId() {
        return CheckpointKeys.id(publicKey());
    }

    @Override
    public byte[] publicKey() {
        return pair.getPublic().getEncoded();
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void keep(Tx tx, Checkpoint made) {
        last.put(made.node(), Last.of(made));
    }

    @Override
    public Kept kept(Tx tx) {
        return new Kept(last, Optional.empty());
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public Optional<Link> last(Tx tx, String node) {
        return records.stream().map(AuditRecord::link).reduce((_, later) -> later);
    }

    @Override
    public void append(Tx tx, AuditRecord auditRecord) {
        records.add(auditRecord);
    }

    @Override
    public List<AuditRecord> after(Tx tx, String node, long sequence, int limit) {
        return records.stream()
                .filter(r -> r.sequence() > sequence)
                .limit(limit)
                .toList();
    }

    @Override
    public Found find(Tx tx, AuditQuery query, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> nodes(Tx tx) {
        return List.of("n1");
    }

    @Override
    public void append(Tx tx, Checkpoint checkpoint) {
        signed.add(checkpoint);
    }

    @Override
    public Optional<Checkpoint> lastCheckpoint(Tx tx, String node) {
        return signed.stream().reduce((_, later) -> later);
    }

    @Override
    public List<Checkpoint> checkpointsAfter(Tx tx, String node, long number, int limit) {
        return signed.stream().filter(c -> c.number() > number).limit(limit).toList();
    }

    @Override
    public Optional<Checkpoint> cut(Tx tx, String node) {
        return cut;
    }

    @Override
    public void markCut(Tx tx, Checkpoint checkpoint) {
        cut = Optional.of(checkpoint);
    }

    @Override
    public int remove(Tx tx, String node, long sequence, int limit) {
        int before = records.size();
        records.removeIf(r -> r.sequence() <= sequence);
        return before - records.size();
    }
}

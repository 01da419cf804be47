package dev.keyturn.cli.audit;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.Checkpoints;
import dev.keyturn.core.audit.InMemoryAudit;
import dev.keyturn.core.audit.LiveNodes;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.audit.TestLasts;
import dev.keyturn.core.audit.TestSigner;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A chain with its checkpoints, and the lines that an export of it has. */
final class ChainInMemory {
    private static final String NODE = "n1";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T10:00:00Z"), ZoneOffset.UTC);

    private final InMemoryAudit store = new InMemoryAudit();
    private final TestSigner signer = new TestSigner();
    private final AuditLog log = new AuditLog(store, CLOCK, NODE);
    private final Checkpoints checkpoints =
            new Checkpoints(store, store, log, signer, new TestLasts(), ServerTime.of(CLOCK), NODE, LiveNodes.NONE);

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
        store.run(tx -> log.append(tx, entry));
    }

    void sign() {
        checkpoints.sign();
    }

    /** Retention of no time at all: everything that is signed goes. */
    void cutAll() {
        checkpoints.cut(Duration.ZERO);
    }

    String lastHash() {
        return store.checkpoints.getLast().own().hex();
    }

    List<String> lines() {
        List<String> out = new ArrayList<>();
        ObjectNode header = Json.object().put("format", ExportLines.FORMAT);
        header.putArray("keys").addObject().put("publicKey", Base64.getEncoder().encodeToString(signer.publicKey()));
        header.putArray("nodes").addObject().put("name", NODE);
        out.add(Json.text(header));
        List<Checkpoint> left = new ArrayList<>(store.checkpoints);
        store.<Optional<Checkpoint>>read(tx -> store.cut(tx, NODE)).ifPresent(c -> {
            while (!left.isEmpty() && left.getFirst().number() <= c.number()) {
                out.add(Json.text(Json.object()
                        .set("checkpoint", Json.object(left.removeFirst().fields()))));
            }
            ObjectNode begin = Json.object().put("node", NODE).put("checkpoint", c.number());
            out.add(Json.text(Json.object().set("begin", begin.put("because", "retention"))));
        });
        for (AuditRecord r : store.records) {
            out.add(Json.text(Json.object().set("record", Json.object(r.fields()))));
            while (!left.isEmpty() && left.getFirst().sequence() <= r.sequence()) {
                out.add(Json.text(Json.object()
                        .set("checkpoint", Json.object(left.removeFirst().fields()))));
            }
        }
        out.add("{\"end\":{\"lines\":" + out.size() + "}}");
        return out;
    }

    String keyId() {
        return signer.keyId();
    }
}

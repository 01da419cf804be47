package dev.keyturn.node;

import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.LastCheckpoints;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Tx;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All nodes' last checkpoints in one setting, sealed under the master key: a line "number hash node" for each. It is made,
 * empty, together with the key that signs; so where that is there and this is not, somebody took it away. Thread-safe.
 */
final class SealedCheckpoints implements LastCheckpoints {
    static final String SETTING = "audit-last-checkpoints";

    private final Settings settings;
    private final PlatformKey master;

    SealedCheckpoints(Settings settings, PlatformKey master) {
        this.settings = settings;
        this.master = master;
    }

    /** Begins with none. To be called where the key is made that signs, in the same transaction. */
    void begin(Tx tx) {
        store(tx, Map.of());
    }

    @Override
    public void keep(Tx tx, Checkpoint made) {
        Kept before = kept(tx);
        before.problem().ifPresent(p -> {
            throw new IllegalStateException(p);
        });
        Map<String, Last> all = new HashMap<>(before.last());
        all.put(made.node(), Last.of(made));
        store(tx, all);
    }

    @Override
    public Kept kept(Tx tx) {
        Optional<String> sealed = settings.find(tx, SETTING);
        if (sealed.isEmpty()) {
            return settings.find(tx, CheckpointKey.PRIVATE).isEmpty()
                    ? Kept.NOTHING
                    : wrong("is missing, and the key that signs checkpoints is there");
        }
        try (SecretBytes opened = master.open(Base64.getDecoder().decode(sealed.get()), SETTING)) {
            return new Kept(opened.reveal(b -> parse(new String(b, StandardCharsets.UTF_8))), Optional.empty());
        } catch (RuntimeException e) {
            return wrong("was altered: the master key does not open it");
        }
    }

    private static Kept wrong(String what) {
        return new Kept(Map.of(), Optional.of("the setting '" + SETTING + "' " + what));
    }

    private static Map<String, Last> parse(String text) {
        Map<String, Last> all = new HashMap<>();
        text.lines().forEach(line -> {
            String[] parts = line.split(" ", 3);
            all.put(parts[2], new Last(Long.parseLong(parts[0]), new ChainHash(parts[1])));
        });
        return all;
    }

    private void store(Tx tx, Map<String, Last> all) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(all)
                .forEach((node, last) -> text.append(last.number())
                        .append(' ')
                        .append(last.hash().hex())
                        .append(' ')
                        .append(node)
                        .append('\n'));
        try (SecretBytes plain = SecretBytes.adopt(text.toString().getBytes(StandardCharsets.UTF_8))) {
            settings.put(tx, SETTING, Base64.getEncoder().encodeToString(master.seal(plain, SETTING)));
        }
    }
}

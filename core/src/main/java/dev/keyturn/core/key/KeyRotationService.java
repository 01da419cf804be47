package dev.keyturn.core.key;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.key.RotationPolicy.Action;
import dev.keyturn.core.key.RotationPolicy.LifetimeAction;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyBackend.Made;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New versions of a key like its latest, on demand and by its rotation policy. A confidential disk encryption set never
 * follows by itself (R6): it names a version. Thread-safe; must not be called inside a transaction.
 */
public final class KeyRotationService {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRotationService.class);
    private static final Duration TRY_AGAIN = Duration.ofHours(1);
    private static final Period NOTIFY_BEFORE = Period.ofDays(30);

    private final KeyRows rows;

    KeyRotationService(KeyRows rows) {
        this.rows = rows;
    }

    public KeyVersion rotate(Call call, Vault vault, String name) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.ROTATE, name), permit -> {
            KeyRules.name(name);
            return rotate(permit, vault, name, _ -> true);
        });
    }

    /** The key's policy; of a key that was given none, the one Key Vault gives: notify 30 days before the expiry. */
    public RotationPolicy policy(Call call, Vault vault, String name) {
        rows.doors.require(call, rows.ask(vault, KeyPermission.GET_ROTATION_POLICY, name));
        KeyRules.name(name);
        Key key = rows.transactions.read(tx -> rows.liveKey(tx, vault, name));
        return key.rotationPolicy()
                .orElseGet(() -> new RotationPolicy(
                        List.of(new LifetimeAction(Action.NOTIFY, Optional.empty(), Optional.of(NOTIFY_BEFORE))),
                        Optional.empty(),
                        key.created(),
                        key.created()));
    }

    public RotationPolicy setPolicy(
            Call call, Vault vault, String name, List<LifetimeAction> actions, Optional<Period> expiryTime) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.SET_ROTATION_POLICY, name), permit -> {
            KeyRules.name(name);
            RotationPolicyRules.check(actions, expiryTime);
            return permit.write(tx -> {
                Key key = rows.liveKey(tx, vault, name);
                Instant now = rows.now();
                RotationPolicy policy = new RotationPolicy(
                        actions,
                        expiryTime,
                        key.rotationPolicy().map(RotationPolicy::created).orElse(now),
                        now);
                rows.reschedule(tx, key.with(Optional.of(policy), Optional.empty()), rows.latest(tx, key));
                return policy;
            });
        });
    }

    /**
     * Makes the versions that policies want by {@code now}, at most 100 at a call; returns how many. One that fails is
     * logged, recorded as failed, and tried again an hour later. For the server's scheduler; several nodes may call it at
     * once: who is to make a version first moves the time it is due, so that nobody else makes one for that.
     */
    public int rotateDue(Instant now) {
        int rotated = 0;
        Call call = Call.server(Call.SERVER, UUID.randomUUID());
        for (Key due : rows.transactions.read(tx -> rows.keys.rotationDue(tx, now, 100))) {
            Optional<Vault> vault = rows.transactions
                    .read(tx -> rows.vaults.find(tx, due.vault()))
                    .filter(v -> v.deleted().isEmpty());
            if (vault.isEmpty()) {
                continue;
            }
            Instant mine = now.plus(TRY_AGAIN).truncatedTo(ChronoUnit.MILLIS); // as it is stored: it is compared later
            if (taken(due, mine).missed()) {
                continue; // another node makes it, or its policy was changed
            }
            try {
                KeyVersion made = rows.doors.act(
                        call,
                        rows.ask(vault.get(), KeyPermission.ROTATE, due.name()),
                        permit -> rotate(
                                permit,
                                vault.get(),
                                due.name(),
                                key -> key.nextRotation().equals(Optional.of(mine))));
                LOG.info("key {} was rotated by its policy: {}", due.name(), made.version());
                rotated++;
            } catch (RuntimeException e) {
                // Whatever it is, it must not keep the other keys from their turn.
                LOG.warn("key {} was not rotated by its policy: {}", due.name(), e.toString());
            }
        }
        return rotated;
    }

    /** Moves the time that the key is due, to when it is tried again should this come to nothing; missed where it moved. */
    private Hit taken(Key due, Instant until) {
        return rows.transactions.write(tx -> {
            Optional<Key> mine = rows.findLive(tx, due.vault(), due.name())
                    .filter(k -> k.nextRotation().equals(due.nextRotation()));
            mine.ifPresent(k -> rows.keys.update(tx, k.with(k.rotationPolicy(), Optional.of(until))));
            return Hit.of(mine.isPresent());
        });
    }

    /** Refused where {@code still} does not hold any more when the version is to be stored. */
    private KeyVersion rotate(Permit permit, Vault vault, String name, Predicate<Key> still) {
        KeyVersion latest = rows.transactions.read(tx -> rows.version(tx, vault, name, Optional.empty()));
        KeyBackend backend = rows.backends.forNewKeys(vault.kind(), latest.spec());
        String version = rows.newVersion();
        Made made = latest.spec() instanceof KeySpec.Rsa rsa && latest.publicPart() instanceof PublicPart.Rsa part
                ? backend.generate(rsa, version, new BigInteger(1, part.e()).longValueExact())
                : backend.generate(latest.spec(), version);
        Instant now = rows.now();
        KeyVersion draft = new KeyVersion(
                latest.vault(),
                latest.name(),
                version,
                latest.sequence() + 1,
                latest.spec(),
                made.publicPart(),
                backend.name(),
                made.handle(),
                latest.operations(),
                new KeyAttributes(
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        latest.attributes().exportable(),
                        now,
                        now),
                latest.tags(),
                latest.releasePolicy());
        try {
            return permit.on(rows.id(vault, draft)).write(tx -> {
                Key key = rows.liveKey(tx, vault, name);
                if (!still.test(key)) {
                    throw KeyRefusals.conflict("Key " + name + " has changed meanwhile.", "KeyChangedMeanwhile");
                }
                Optional<Instant> expires = key.rotationPolicy()
                        .flatMap(RotationPolicy::expiryTime)
                        .map(life -> RotationPolicy.plus(now, life));
                KeyAttributes attributes = new KeyAttributes(
                        true, Optional.empty(), expires, draft.attributes().exportable(), now, now);
                return rows.add(
                        tx, vault, draft.with(draft.operations(), attributes, draft.tags(), draft.releasePolicy()));
            });
        } catch (RuntimeException e) {
            rows.destroyUnlessStored(e, List.of(draft));
            throw e;
        }
    }
}

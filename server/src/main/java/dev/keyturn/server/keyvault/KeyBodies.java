package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.AttributeChanges;
import dev.keyturn.core.key.KeyChanges;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.key.ReleasePolicy;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Reads what clients send about keys. Problems are collected in the {@link Fields}; the caller ends with done(). */
public final class KeyBodies {
    private static final long LAST_SECOND = 253_402_300_799L;

    static final Shape CREATE = parts(Shape.data())
            .text("kty", "crv")
            .integer("key_size", "public_exponent")
            .texts("key_ops")
            .build();
    static final Shape UPDATE = parts(Shape.data()).texts("key_ops").build();

    private KeyBodies() {}

    /** What the bodies of new and changed keys have in common; each of these decides what a key may be used for. */
    static Shape.Builder parts(Shape.Builder shape) {
        return shape.bool("attributes.enabled", "attributes.exportable")
                .integer("attributes.nbf", "attributes.exp")
                .any("attributes.created", "attributes.updated", "attributes.recoveryLevel")
                .any("attributes.recoverableDays", "attributes.hsmPlatform")
                .map("tags")
                .text("release_policy.contentType", "release_policy.data")
                .bool("release_policy.immutable")
                .decisive("enabled", "exportable", "nbf", "exp", "key_ops", "release_policy");
    }

    /**
     * A key that is to be made.
     *
     * @throws dev.keyturn.json.BadBodyException with everything that is wrong
     */
    public static NewKey create(ObjectNode json) {
        Fields body = Fields.of(json, CREATE);
        KeySpec spec = spec(body);
        Optional<Long> exponent = body.integer("public_exponent", 0, Integer.MAX_VALUE)
                .filter(e -> e != 0); // Azure's SDK for Java sends 0 for "not chosen"
        NewKey wanted = newKey(body, body, spec, exponent);
        body.done();
        return wanted;
    }

    /** The parts of a new key beside its numbers; {@code jwk} is where {@code key_ops} stands. */
    static NewKey newKey(Fields body, Fields jwk, KeySpec spec, Optional<Long> exponent) {
        return new NewKey(
                spec,
                exponent,
                operations(jwk),
                attributes(body),
                body.textMap("tags").orElse(Map.of()),
                releasePolicy(body));
    }

    static KeyChanges update(ObjectNode json) {
        Fields body = Fields.of(json, UPDATE);
        KeyChanges changes =
                new KeyChanges(operations(body), attributes(body), body.textMap("tags"), releasePolicy(body));
        body.done();
        return changes;
    }

    private static KeySpec spec(Fields body) {
        String kty = body.requiredText("kty");
        KeySpec fallback = new KeySpec.Rsa(2048, false);
        return switch (kty.toUpperCase(Locale.ROOT)) {
            case "RSA" -> new KeySpec.Rsa(size(body, 2048, List.of(2048, 3072, 4096)), false);
            case "RSA-HSM" -> new KeySpec.Rsa(size(body, 2048, List.of(2048, 3072, 4096)), true);
            case "EC" -> new KeySpec.Ec(curve(body), false);
            case "EC-HSM" -> new KeySpec.Ec(curve(body), true);
            case "OCT-HSM", "OCT", "AES" -> new KeySpec.Oct(size(body, 256, List.of(128, 192, 256)));
            case "" -> fallback;
            default -> {
                body.problem(
                        "kty",
                        "'kty' must be one of RSA, RSA-HSM, EC, EC-HSM and, in a managed HSM, oct-HSM; not '"
                                + Text.clip(kty) + "'.");
                yield fallback;
            }
        };
    }

    private static int size(Fields body, int fallback, List<Integer> allowed) {
        Optional<Long> size = body.integer("key_size", 0, Integer.MAX_VALUE);
        if (size.isPresent() && !allowed.contains(size.get().intValue())) {
            body.problem("key_size", "'key_size' must be one of " + allowed + ", not " + size.get() + ".");
            return fallback;
        }
        return size.map(Long::intValue).orElse(fallback);
    }

    static Curve curve(Fields body) {
        Optional<String> name = body.text("crv");
        Optional<Curve> curve = name.flatMap(Curve::named);
        if (name.isPresent() && curve.isEmpty()) {
            body.problem(
                    "crv", "'crv' must be one of P-256, P-384, P-521, P-256K, not '" + Text.clip(name.get()) + "'.");
        }
        return curve.orElse(Curve.P256);
    }

    /** An empty list says nothing, as none does: Azure's SDK for Java sends one with every update. */
    private static Optional<Set<KeyOperation>> operations(Fields body) {
        EnumSet<KeyOperation> operations = EnumSet.noneOf(KeyOperation.class);
        for (String name : body.texts("key_ops")) {
            KeyOperation.named(name)
                    .ifPresentOrElse(
                            operations::add,
                            () -> body.problem(
                                    "key_ops",
                                    "'key_ops' must hold operations out of encrypt, decrypt, sign, verify, wrapKey,"
                                            + " unwrapKey, import, export, not '" + Text.clip(name) + "'."));
        }
        return Optional.<Set<KeyOperation>>of(operations).filter(o -> !o.isEmpty());
    }

    private static AttributeChanges attributes(Fields body) {
        return body.object("attributes")
                .map(a -> new AttributeChanges(a.bool("enabled"), time(a, "nbf"), time(a, "exp"), a.bool("exportable")))
                .orElse(AttributeChanges.NONE);
    }

    private static Optional<Instant> time(Fields attributes, String name) {
        return attributes.integer(name, 0, LAST_SECOND).map(Instant::ofEpochSecond);
    }

    private static Optional<ReleasePolicy> releasePolicy(Fields body) {
        return body.object("release_policy").flatMap(policy -> {
            boolean immutable = policy.bool("immutable").orElse(false);
            String contentType = policy.text("contentType").orElse(ReleasePolicy.DEFAULT_CONTENT_TYPE);
            Optional<byte[]> data = policy.base64url("data");
            if (data.isEmpty() || data.get().length == 0) {
                if (data.isPresent() || !policy.has("data")) {
                    policy.problem("data", "'release_policy.data' is required: the policy as base64url JSON.");
                }
                return Optional.empty();
            }
            ReleasePolicyShape.problem(data.get()).ifPresent(p -> policy.problem("data", p));
            return Optional.of(new ReleasePolicy(contentType, data.get(), immutable));
        });
    }
}

package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeyMaterial;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** A key that a client brings along as a JSON web key. Close zeroes its private part. */
record ImportBody(NewKey wanted, KeyMaterial material) implements AutoCloseable {
    static final Shape SHAPE = KeyBodies.parts(Shape.data())
            .bool("hsm")
            .text("key.kty", "key.crv", "key.n", "key.e", "key.d", "key.p", "key.q", "key.x", "key.y", "key.k")
            .texts("key.key_ops")
            .any("key.kid", "key.dp", "key.dq", "key.qi", "key.key_hsm")
            .build();
    private static final Set<Integer> RSA_SIZES = Set.of(2048, 3072, 4096);
    private static final Set<Integer> OCT_SIZES = Set.of(128, 192, 256);

    /** The kind of key and its numbers. */
    private record Read(KeySpec spec, KeyMaterial material) {}

    static ImportBody of(ObjectNode json) {
        Fields body = Fields.of(json, SHAPE);
        Optional<Fields> key = body.object("key");
        if (key.isEmpty()) {
            if (!body.has("key")) {
                body.problem("key", "'key' is required: the key as a JSON web key.");
            }
            body.done();
        }
        Fields jwk = key.orElseThrow();
        boolean hsm = body.bool("hsm").orElse(false);
        Read read = read(jwk, hsm);
        NewKey wanted = KeyBodies.newKey(body, jwk, read.spec(), Optional.empty());
        try {
            body.done();
        } catch (RuntimeException e) {
            read.material().close();
            throw e;
        }
        return new ImportBody(wanted, read.material());
    }

    private static Read read(Fields jwk, boolean hsmFlag) {
        String kty = jwk.requiredText("kty").toUpperCase(Locale.ROOT);
        if (jwk.has("key_hsm")) {
            jwk.problem("key.key_hsm", "A key in transport form (key_hsm) is not taken; give its numbers instead.");
        }
        boolean hsm = hsmFlag || kty.endsWith("-HSM");
        return switch (kty) {
            case "RSA", "RSA-HSM" -> {
                byte[] n = required(jwk, "n");
                int bits = new BigInteger(1, n).bitLength();
                if (!RSA_SIZES.contains(bits)) {
                    jwk.problem("n", "'key.n' must be a modulus of 2048, 3072 or 4096 bits, not " + bits + ".");
                }
                KeyMaterial material = new KeyMaterial.Rsa(
                        n, required(jwk, "e"), secret(jwk, "d"), secret(jwk, "p"), secret(jwk, "q"));
                yield new Read(new KeySpec.Rsa(RSA_SIZES.contains(bits) ? bits : 2048, hsm), material);
            }
            case "EC", "EC-HSM" -> {
                if (!jwk.has("crv")) {
                    jwk.problem("crv", "'key.crv' is required: one of P-256, P-384, P-521, P-256K.");
                }
                Curve curve = KeyBodies.curve(jwk);
                byte[] x = coordinate(jwk, "x", curve);
                byte[] y = coordinate(jwk, "y", curve);
                yield new Read(new KeySpec.Ec(curve, hsm), new KeyMaterial.Ec(curve, x, y, secret(jwk, "d")));
            }
            case "OCT", "OCT-HSM", "AES" -> {
                SecretBytes k = secret(jwk, "k");
                int bits = k.length() * 8;
                if (!OCT_SIZES.contains(bits)) {
                    jwk.problem("k", "'key.k' must have 128, 192 or 256 bits, not " + bits + ".");
                }
                yield new Read(new KeySpec.Oct(OCT_SIZES.contains(bits) ? bits : 256), new KeyMaterial.Oct(k));
            }
            default -> {
                if (!kty.isEmpty()) {
                    jwk.problem(
                            "kty",
                            "'key.kty' must be one of RSA, RSA-HSM, EC, EC-HSM, oct-HSM, not '" + Text.clip(kty)
                                    + "'.");
                }
                yield new Read(new KeySpec.Oct(256), new KeyMaterial.Oct(SecretBytes.adopt(new byte[0])));
            }
        };
    }

    private static byte[] coordinate(Fields jwk, String name, Curve curve) {
        byte[] value = required(jwk, name);
        boolean fits = new BigInteger(1, value).bitLength() <= curve.bits();
        if (!fits) {
            jwk.problem(name, "'key." + name + "' must have " + curve.bytes() + " bytes on " + curve.wire() + ".");
        }
        return fits ? value : Arrays.copyOf(value, 1);
    }

    private static SecretBytes secret(Fields jwk, String name) {
        return SecretBytes.adopt(required(jwk, name));
    }

    private static byte[] required(Fields jwk, String name) {
        Optional<byte[]> value = jwk.base64url(name);
        boolean empty = value.isPresent() && value.get().length == 0;
        if (empty || (value.isEmpty() && !jwk.has(name))) {
            List<String> primes = List.of("p", "q");
            jwk.problem(
                    name,
                    "'key." + name + "' is required" + (primes.contains(name) ? ": both primes must be given." : "."));
        }
        return value.orElse(new byte[0]);
    }

    @Override
    public void close() {
        material.close();
    }
}

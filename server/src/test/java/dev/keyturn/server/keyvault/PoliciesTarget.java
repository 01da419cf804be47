package dev.keyturn.server.keyvault;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.core.key.RotationPolicy;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.server.fuzz.FuzzTarget;
import java.time.Instant;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Policies and keys that clients send. The first line says which: {@code release}, {@code rotation}, {@code import},
 * {@code create} or {@code update}. Refused, or what is shown of it can be sent again and means the same.
 */
public final class PoliciesTarget implements FuzzTarget {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Override
    public void run(byte[] input) {
        String text = FuzzTarget.text(input);
        int line = text.indexOf('\n');
        String kind = line < 0 ? "" : text.substring(0, line);
        byte[] body = text.substring(line + 1).getBytes(UTF_8);
        try {
            switch (kind) {
                case "release" -> release(body);
                case "rotation" -> rotation(Json.parseObject(body));
                case "import" -> {
                    ImportBody read = ImportBody.of(Json.parseObject(body));
                    read.close();
                }
                case "create" -> KeyBodies.create(Json.parseObject(body));
                case "update" -> KeyBodies.update(Json.parseObject(body));
                default -> {}
            }
        } catch (BadBodyException e) {
            FuzzTarget.require(
                    e.problems().stream()
                            .allMatch(p -> !p.message().isBlank() && p.message().length() < 1_000),
                    "a refusal that says nothing, or too much");
        }
    }

    private static void release(byte[] body) {
        if (ReleasePolicyShape.problem(body).isPresent()) {
            return;
        }
        byte[] again = Json.bytes(Json.parseObject(body));
        FuzzTarget.require(ReleasePolicyShape.problem(again).isEmpty(), "written anew it is no policy any more");
        FuzzTarget.require(
                new String(again, UTF_8).toLowerCase(java.util.Locale.ROOT).contains("https://"),
                "a policy without an authority");
    }

    private static void rotation(ObjectNode body) {
        RotationPolicyBody read = RotationPolicyBody.of(body);
        RotationPolicy policy = new RotationPolicy(read.actions(), read.expiryTime(), NOW, NOW);
        ObjectNode shown = RotationPolicyBody.render("https://v/keys/k/rotationpolicy", policy);
        FuzzTarget.require(
                RotationPolicyBody.of(Json.parseObject(Json.bytes(shown))).equals(read),
                "what is shown of it means another thing: " + shown);
        FuzzTarget.require(
                RotationPolicy.parseActions(policy.actionsText()).equals(read.actions()), "stored it is another");
    }

    @Override
    public Set<String> words() {
        return Set.of(
                "release\n",
                "rotation\n",
                "import\n",
                "create\n",
                "update\n",
                "\"version\":\"1.0.0\"",
                "\"anyOf\":[",
                "\"allOf\":[",
                "\"authority\":\"https://",
                "\"claim\":",
                "\"equals\":",
                "\"lifetimeActions\":[",
                "\"timeAfterCreate\":\"P",
                "\"timeBeforeExpiry\":\"P",
                "\"expiryTime\":\"P",
                "\"Rotate\"",
                "\"Notify\"",
                "\"kty\":\"RSA\"",
                "\"kty\":\"EC-HSM\"",
                "\"kty\":\"oct-HSM\"",
                "\"crv\":\"P-256\"",
                "\"key_ops\":[",
                "\"release_policy\":{\"data\":\"",
                "\"attributes\":{\"exp\":");
    }
}

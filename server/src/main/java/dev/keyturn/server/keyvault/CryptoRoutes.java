package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.KeyCryptoService;
import dev.keyturn.core.key.KeyCryptoService.Opened;
import dev.keyturn.core.key.KeyCryptoService.Protected;
import dev.keyturn.core.key.KeyCryptoService.SignUse;
import dev.keyturn.core.key.KeyCryptoService.Signed;
import dev.keyturn.core.key.KeyCryptoService.Use;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Response;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What keys are used for, with the version in the path or the latest one. */
final class CryptoRoutes {
    static final Shape CIPHER = Shape.data()
            .text("alg", "value", "iv", "tag", "authentication_tag", "aad")
            .build();
    static final Shape SIGN = Shape.data().text("alg", "value", "digest").build();

    private final KeyCryptoService crypto;
    private final KeyViews views;

    CryptoRoutes(KeyCryptoService crypto, VaultHosts hosts) {
        this.crypto = crypto;
        this.views = new KeyViews(hosts);
    }

    void addTo(KeyVaultSurface.Adder routes) {
        both(routes, "wrapkey", this::wrap);
        both(routes, "unwrapkey", this::unwrap);
        both(routes, "encrypt", this::encrypt);
        both(routes, "decrypt", this::decrypt);
        both(routes, "sign", this::sign);
        both(routes, "verify", this::verify);
        both(routes, "release", this::release);
    }

    private static void both(KeyVaultSurface.Adder routes, String verb, KeyCall.Handler handler) {
        routes.add("POST", "/keys/{name}/" + verb, handler);
        routes.add("POST", "/keys/{name}/{version}/" + verb, handler);
    }

    /** What the four cipher operations are sent. */
    private record CipherBody(
            CipherAlgorithm algorithm, byte[] value, Optional<byte[]> iv, Optional<byte[]> tag, Optional<byte[]> data) {
        static CipherBody of(KeyCall call, KeyPermission permission) {
            Fields body = Fields.of(call.body(permission), CIPHER);
            String name = body.requiredText("alg");
            Optional<CipherAlgorithm> algorithm = CipherAlgorithm.named(name);
            if (!name.isBlank() && algorithm.isEmpty()) {
                body.problem(
                        "alg",
                        "'alg' must be one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(CipherAlgorithm.values())
                                                .map(CipherAlgorithm::wire)
                                                .toList())
                                + ", not '" + Text.clip(name) + "'.");
            }
            byte[] value = bytes(body, "value");
            Optional<byte[]> iv = body.base64url("iv").filter(b -> b.length > 0);
            Optional<byte[]> tag = body.base64url("tag").or(() -> body.base64url("authentication_tag"));
            Optional<byte[]> data = body.base64url("aad").filter(b -> b.length > 0);
            body.done();
            return new CipherBody(algorithm.orElseThrow(), value, iv, tag, data);
        }

        Use use(KeyCall call) {
            return new Use(call.name(), call.version(), algorithm);
        }
    }

    private static byte[] bytes(Fields body, String name) {
        Optional<byte[]> value = body.base64url(name);
        if (!body.has(name)) {
            body.problem(name, "'" + name + "' is required: base64url text.");
        }
        return value.orElse(new byte[0]);
    }

    private Response wrap(KeyCall call) {
        CipherBody body = CipherBody.of(call, KeyPermission.WRAP);
        try (SecretBytes plain = SecretBytes.adopt(body.value())) {
            return plain.reveal(b -> answer(call, body, crypto.wrap(call.by(), call.vault(), body.use(call), b)));
        }
    }

    private Response encrypt(KeyCall call) {
        CipherBody body = CipherBody.of(call, KeyPermission.ENCRYPT);
        try (SecretBytes plain = SecretBytes.adopt(body.value())) {
            return plain.reveal(b -> answer(
                    call, body, crypto.encrypt(call.by(), call.vault(), body.use(call), b, body.iv(), body.data())));
        }
    }

    private Response unwrap(KeyCall call) {
        CipherBody body = CipherBody.of(call, KeyPermission.UNWRAP);
        return answer(call, crypto.unwrap(call.by(), call.vault(), body.use(call), body.value()));
    }

    private Response decrypt(KeyCall call) {
        CipherBody body = CipherBody.of(call, KeyPermission.DECRYPT);
        CipherText text = new CipherText(body.value(), body.iv(), body.tag());
        return answer(call, crypto.decrypt(call.by(), call.vault(), body.use(call), text, body.data()));
    }

    private Response answer(KeyCall call, CipherBody body, Protected result) {
        ObjectNode out = Json.object()
                .put("kid", views.id(call.vault(), result.by()).url())
                .put("value", Text.base64url(result.text().bytes()));
        result.text().iv().ifPresent(iv -> out.put("iv", Text.base64url(iv)));
        result.text().tag().ifPresent(tag -> out.put("tag", Text.base64url(tag)));
        // Where it was ignored it is not repeated: that would read as if it were bound to the ciphertext.
        body.data()
                .filter(_ -> body.algorithm().family() == CipherAlgorithm.Family.AES_GCM)
                .ifPresent(data -> out.put("aad", Text.base64url(data)));
        return Response.ok(out);
    }

    private Response answer(KeyCall call, Opened result) {
        try (SecretBytes plain = result.plaintext()) {
            return Response.ok(Json.object()
                    .put("kid", views.id(call.vault(), result.by()).url())
                    .put("value", plain.reveal(Text::base64url)));
        }
    }

    private Response sign(KeyCall call) {
        Fields body = Fields.of(call.body(KeyPermission.SIGN), SIGN);
        Optional<SignAlgorithm> algorithm = signAlgorithm(body);
        byte[] digest = bytes(body, "value");
        body.done();
        Signed signed = crypto.sign(
                call.by(), call.vault(), new SignUse(call.name(), call.version(), algorithm.orElseThrow()), digest);
        return Response.ok(Json.object()
                .put("kid", views.id(call.vault(), signed.by()).url())
                .put("value", Text.base64url(signed.signature())));
    }

    private Response verify(KeyCall call) {
        Fields body = Fields.of(call.body(KeyPermission.VERIFY), SIGN);
        Optional<SignAlgorithm> algorithm = signAlgorithm(body);
        byte[] digest = bytes(body, "digest");
        byte[] signature = bytes(body, "value");
        body.done();
        boolean right = crypto.verify(
                call.by(),
                call.vault(),
                new SignUse(call.name(), call.version(), algorithm.orElseThrow()),
                digest,
                signature);
        return Response.ok(Json.object().put("value", right));
    }

    private static Optional<SignAlgorithm> signAlgorithm(Fields body) {
        String name = body.requiredText("alg");
        Optional<SignAlgorithm> algorithm = SignAlgorithm.named(name);
        if (!name.isBlank() && algorithm.isEmpty()) {
            body.problem(
                    "alg",
                    "'alg' must be one of "
                            + String.join(
                                    ", ",
                                    Arrays.stream(SignAlgorithm.values())
                                            .map(SignAlgorithm::wire)
                                            .toList())
                            + ", not '" + Text.clip(name) + "'.");
        }
        return algorithm;
    }

    private Response release(KeyCall call) {
        byte[] released = crypto.release(call.by(), call.vault(), call.name(), call.version());
        return Response.ok(Json.object().put("value", Text.base64url(released)));
    }
}

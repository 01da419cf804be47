package dev.keyturn.server.arm.vault;

import dev.keyturn.core.key.KeyAttributes;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.json.Json;
import java.util.Base64;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Keys and their versions as resources below their vault. */
record VaultKeyView(VaultHosts hosts) {
    ObjectNode key(Vault vault, KeyVersion latest) {
        return render(vault, latest, vault.resource().id().child("keys", latest.name()));
    }

    ObjectNode version(Vault vault, KeyVersion version) {
        ArmId key = vault.resource().id().child("keys", version.name());
        return render(vault, version, key.child("versions", version.version()));
    }

    private ObjectNode render(Vault vault, KeyVersion version, ArmId id) {
        ObjectNode out = Json.object()
                .put("id", id.toString())
                .put("name", id.name())
                .put("type", id.type())
                .put("location", vault.resource().location());
        ObjectNode tags = out.putObject("tags");
        new TreeMap<>(version.tags()).forEach(tags::put);
        ObjectNode properties = out.putObject("properties");
        attributes(properties.putObject("attributes"), vault, version.attributes());
        properties.put("kty", version.spec().type());
        var operations = properties.putArray("keyOps");
        version.operations().stream().sorted().forEach(o -> operations.add(o.wire()));
        if (version.spec() instanceof KeySpec.Ec ec) {
            properties.put("curveName", ec.curve().wire());
        } else {
            properties.put("keySize", version.spec().bits());
        }
        String uri = hosts.uri(vault) + "keys/" + version.name();
        properties.put("keyUri", uri).put("keyUriWithVersion", uri + "/" + version.version());
        version.releasePolicy()
                .ifPresent(p -> properties
                        .putObject("release_policy")
                        .put("contentType", p.contentType())
                        .put("data", Base64.getUrlEncoder().withoutPadding().encodeToString(p.data())));
        return out;
    }

    private static void attributes(ObjectNode out, Vault vault, KeyAttributes a) {
        out.put("enabled", a.enabled());
        a.notBefore().ifPresent(t -> out.put("nbf", t.getEpochSecond()));
        a.expires().ifPresent(t -> out.put("exp", t.getEpochSecond()));
        out.put("created", a.created().getEpochSecond())
                .put("updated", a.updated().getEpochSecond())
                .put("recoveryLevel", vault.purgeProtection() ? "Recoverable" : "Recoverable+Purgeable")
                .put("exportable", a.exportable());
    }
}

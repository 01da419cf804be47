package dev.keyturn.server.keyvault;

import dev.keyturn.core.key.KeyAttributes;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.json.Json;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Keys as Key Vault shows them. */
final class KeyViews {
    private final VaultHosts hosts;

    KeyViews(VaultHosts hosts) {
        this.hosts = hosts;
    }

    KeyId id(Vault vault, KeyVersion version) {
        return hosts.keyId(vault, version.name(), version.version());
    }

    String uri(Vault vault, String path) {
        return hosts.uri(vault) + path;
    }

    /** A key bundle. */
    ObjectNode bundle(Vault vault, KeyVersion version) {
        ObjectNode out = Json.object();
        ObjectNode key = out.putObject("key");
        key.put("kid", id(vault, version).url()).put("kty", version.spec().type());
        var operations = key.putArray("key_ops");
        version.operations().stream().sorted().forEach(o -> operations.add(o.wire()));
        switch (version.publicPart()) {
            case PublicPart.Rsa rsa -> key.put("n", Text.base64url(rsa.n())).put("e", Text.base64url(rsa.e()));
            case PublicPart.Ec ec ->
                key.put("crv", ec.curve().wire())
                        .put("x", Text.base64url(ec.x()))
                        .put("y", Text.base64url(ec.y()));
            case PublicPart.None _ -> {}
        }
        out.set("attributes", attributes(vault, version.attributes()));
        tags(out, version);
        version.releasePolicy()
                .ifPresent(p -> out.putObject("release_policy")
                        .put("contentType", p.contentType())
                        .put("data", Text.base64url(p.data()))
                        .put("immutable", p.immutable()));
        return out;
    }

    ObjectNode deletedBundle(Vault vault, KeyEntry entry) {
        return withDeletion(bundle(vault, entry.latest()), vault, entry);
    }

    /** An item of a list of keys: its id has no version. */
    ObjectNode item(Vault vault, KeyEntry entry) {
        return item(vault, uri(vault, "keys/" + entry.key().name()), entry.latest());
    }

    ObjectNode deletedItem(Vault vault, KeyEntry entry) {
        return withDeletion(item(vault, entry), vault, entry);
    }

    /** An item of a list of versions. */
    ObjectNode versionItem(Vault vault, KeyVersion version) {
        return item(vault, id(vault, version).url(), version);
    }

    private ObjectNode item(Vault vault, String kid, KeyVersion version) {
        ObjectNode out = Json.object().put("kid", kid);
        out.set("attributes", attributes(vault, version.attributes()));
        tags(out, version);
        return out;
    }

    private ObjectNode withDeletion(ObjectNode out, Vault vault, KeyEntry entry) {
        Deletion deletion = entry.key().deleted().orElseThrow();
        return out.put("recoveryId", uri(vault, "deletedkeys/" + entry.key().name()))
                .put("deletedDate", deletion.at().getEpochSecond())
                .put("scheduledPurgeDate", deletion.purgeAt().getEpochSecond());
    }

    private static void tags(ObjectNode out, KeyVersion version) {
        ObjectNode tags = out.putObject("tags");
        new TreeMap<>(version.tags()).forEach(tags::put);
    }

    private static ObjectNode attributes(Vault vault, KeyAttributes a) {
        ObjectNode out = Json.object().put("enabled", a.enabled());
        a.notBefore().ifPresent(t -> out.put("nbf", t.getEpochSecond()));
        a.expires().ifPresent(t -> out.put("exp", t.getEpochSecond()));
        return out.put("created", a.created().getEpochSecond())
                .put("updated", a.updated().getEpochSecond())
                .put("recoveryLevel", recoveryLevel(vault))
                .put("recoverableDays", vault.softDeleteDays())
                .put("exportable", a.exportable());
    }

    private static String recoveryLevel(Vault vault) {
        String kind = vault.softDeleteDays() < 90 ? "CustomizedRecoverable" : "Recoverable";
        return vault.purgeProtection() ? kind : kind + "+Purgeable";
    }
}

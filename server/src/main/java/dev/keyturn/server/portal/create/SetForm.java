package dev.keyturn.server.portal.create;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A confidential disk encryption set. */
final class SetForm extends ArmForm {
    static final String ADDRESS = Links.CREATE + "set";
    static final String KEY = "key";
    private static final String IDENTITY = "identity";
    private static final String ASSIGNED = "assigned";
    private static final int VAULTS = 25;
    private static final int KEYS = 25;

    SetForm(CreateDesk desk) {
        super(desk);
    }

    @Override
    public About about() {
        return new About(
                ADDRESS,
                "New disk encryption set",
                "Create the set",
                Links.SETS,
                "Disk encryption sets",
                List.of(
                        "It names the key that confidential VMs are encrypted under, with their disks. Its key never follows"
                                + " by itself: it is changed by somebody, while the VMs are stopped."));
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        return List.of(
                desk.group(visitor, typed),
                Field.text(NAME, "Name", typed.text(NAME), ""),
                desk.region(visitor, typed),
                Field.text(KEY, "Key, with its version", typed.text(KEY), keyHint(typed))
                        .suggesting(keys(visitor)),
                Field.select(
                        IDENTITY,
                        "It uses its key as",
                        typed.text(IDENTITY, "SystemAssigned"),
                        List.of(
                                new Option("SystemAssigned", "an identity of its own"),
                                new Option("UserAssigned", "an identity that is there")),
                        ""),
                Field.text(
                                ASSIGNED,
                                "Which identity",
                                typed.text(ASSIGNED),
                                "The id of one that is there, if it is not its own.")
                        .optional()
                        .suggesting(identities(visitor)));
    }

    /** Of a key that the address of the page named, in words which one it is. */
    private static String keyHint(Typed typed) {
        return Optional.of(typed)
                .filter(t -> t.linked(KEY))
                .map(t -> KeyId.parse(t.text(KEY))
                        .map(KeyLook::of)
                        .map(k -> "The link that you followed filled this in: the key " + k.name() + " in " + k.vault()
                                + ", version " + k.version() + ".")
                        .orElse("The link that you followed filled this in, and it is no address of a key."))
                .orElse("Its address. What is suggested are the newest versions of the keys that you see.");
    }

    @Override
    public Optional<FormPage.Aside> aside(Visitor visitor) {
        return desk.newGroup(visitor, ADDRESS);
    }

    /** The newest versions of the first keys of the first vaults, of each kind, whose keys the person may list. */
    private List<Option> keys(Visitor visitor) {
        List<Option> all = new ArrayList<>();
        for (VaultKind kind : VaultKind.values()) {
            if (!desk.may(visitor, kind.read(), desk.all())) {
                continue;
            }
            for (Vault vault : desk.services()
                    .vaults()
                    .page(visitor.call(), kind, desk.subscription().id(), Optional.empty(), Optional.empty(), VAULTS)) {
                keys(visitor, vault)
                        .forEach(e -> all.add(new Option(
                                desk.services()
                                        .keys()
                                        .keys()
                                        .id(vault, e.latest())
                                        .url(),
                                e.key().name() + " in " + vault.name())));
            }
        }
        return all;
    }

    private List<KeyEntry> keys(Visitor visitor, Vault vault) {
        boolean lists = desk.node()
                .transactions()
                .read(tx -> desk.services()
                        .keys()
                        .access()
                        .may(tx, visitor.person().id(), vault, KeyPermission.LIST, Optional.empty()));
        if (lists) {
            return desk.services().keys().keys().list(visitor.call(), vault, Optional.empty(), KEYS);
        }
        boolean resources = vault.kind() == VaultKind.VAULT
                && desk.may(
                        visitor,
                        Action.KEY_RESOURCE_READ,
                        dev.keyturn.core.identity.Scope.of(vault.resource().id()));
        return resources
                ? desk.services()
                        .keys()
                        .vaultKeys()
                        .page(visitor.call(), vault.resource().id(), Optional.empty(), KEYS)
                        .found()
                : List.of();
    }

    private List<Option> identities(Visitor visitor) {
        return desk.may(visitor, Action.IDENTITY_READ, desk.all())
                ? desk
                        .services()
                        .identities()
                        .page(visitor.call(), desk.subscription().id(), Optional.empty(), Optional.empty(), 100)
                        .stream()
                        .map(i -> i.resource().id())
                        .map(id -> new Option(id.toString(), id.name()))
                        .toList()
                : List.of();
    }

    @Override
    String type() {
        return DiskEncryptionSet.TYPE;
    }

    @Override
    Action action() {
        return Action.DISK_SET_WRITE;
    }

    @Override
    String apiVersion() {
        return "2023-04-02";
    }

    @Override
    ObjectNode body(Visitor visitor, Typed typed) {
        ObjectNode body = Json.object();
        text(body, LOCATION, typed.text(LOCATION));
        String type = typed.text(IDENTITY, "SystemAssigned");
        ObjectNode identity = body.putObject("identity").put("type", type);
        if (type.equals("UserAssigned")) {
            ObjectNode assigned = identity.putObject("userAssignedIdentities");
            if (!typed.text(ASSIGNED).isEmpty()) {
                assigned.putObject(typed.text(ASSIGNED));
            }
        }
        ObjectNode properties =
                body.putObject("properties").put("encryptionType", "ConfidentialVmEncryptedWithCustomerKey");
        if (!typed.text(KEY).isEmpty()) {
            properties.putObject("activeKey").put("keyUrl", typed.text(KEY));
        }
        return body;
    }

    @Override
    String next(Visitor visitor, Typed typed, ArmId made) {
        return SetNext.address(made);
    }

    @Override
    Map<String, String> sources() {
        return Map.of(
                "properties.activeKey", KEY,
                "https://", KEY,
                "identity.userAssignedIdentities", ASSIGNED,
                "identity", IDENTITY);
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        boolean identity = ArmId.parse(error.target().orElse(""))
                .filter(id -> id.hasType(UserAssignedIdentityService.TYPE))
                .isPresent();
        return identity ? Optional.of(ASSIGNED) : super.field(error, typed);
    }
}

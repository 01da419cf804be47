package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A key vault, or a managed HSM. */
final class VaultForm extends ArmForm {
    private static final String DAYS = "days";
    private static final String PURGE = "purge";
    private static final String SKU = "sku";
    private static final String RIGHTS = "rights";
    private static final String ADMINISTRATORS = "administrators";

    private final VaultKind kind;

    VaultForm(CreateDesk desk, VaultKind kind) {
        super(desk);
        this.kind = kind;
    }

    static String address(VaultKind kind) {
        return kind == VaultKind.VAULT ? Links.CREATE + "vault" : Links.CREATE + "hsm";
    }

    @Override
    public About about() {
        return new About(
                address(kind),
                "New " + noun(),
                "Create the " + noun(),
                Links.vaults(kind),
                kind == VaultKind.VAULT ? "Key vaults" : "Managed HSMs",
                kind == VaultKind.VAULT
                        ? List.of(
                                "It holds the keys that disk encryption sets put their VMs under. Its name is part of a host"
                                        + " name, so it is unique on this server.")
                        : List.of(
                                "It holds keys as a vault does. Local roles alone decide who uses them: to own the subscription"
                                        + " gives no right in it."));
    }

    private String noun() {
        return kind == VaultKind.VAULT ? "key vault" : kind.noun();
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        List<Field> fields = new ArrayList<>(List.of(
                desk.group(visitor, typed),
                Field.text(
                        NAME,
                        "Name",
                        typed.text(NAME),
                        "3 to 24 letters, digits and hyphens, beginning with a letter."),
                desk.region(visitor, typed)));
        if (kind == VaultKind.VAULT) {
            fields.add(Field.select(
                    SKU,
                    "SKU",
                    typed.text(SKU, "premium"),
                    List.of(
                            new Option("premium", "premium: keys in hardware, which a confidential set needs"),
                            new Option("standard", "standard: keys in software")),
                    ""));
            fields.add(Field.select(
                    RIGHTS,
                    "Who may use its keys is said by",
                    typed.text(RIGHTS, "roles"),
                    List.of(
                            new Option("roles", "roles (recommended)"),
                            new Option("policies", "access policies, which a Contributor can change")),
                    ""));
        } else {
            fields.add(Field.text(
                    ADMINISTRATORS,
                    "First administrators",
                    typed.text(ADMINISTRATORS, visitor.person().id().toString()),
                    "Object ids with a blank between them; yours is there. They give local roles, and use no key."));
        }
        fields.add(Field.text(
                DAYS,
                "Days that deleted keys are kept",
                typed.text(DAYS, "90"),
                "7 to 90. It cannot be changed later."));
        fields.add(Field.tick(
                PURGE,
                "Purge protection",
                typed.on(PURGE, true),
                "Nobody can destroy a deleted key before its time. A disk encryption set needs it. It cannot be switched"
                        + " off again."));
        return fields;
    }

    @Override
    public Optional<FormPage.Aside> aside(Visitor visitor) {
        return desk.newGroup(visitor, address(kind));
    }

    @Override
    String type() {
        return kind.type();
    }

    @Override
    Action action() {
        return kind.write();
    }

    @Override
    String apiVersion() {
        return "2023-07-01";
    }

    @Override
    boolean ownNames() {
        return true;
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        List<ErrorInfo> wrong = new ArrayList<>(super.problems(visitor, typed));
        String name = typed.text(NAME);
        if (isSegment(name) && desk.may(visitor, kind.nameCheck(), desk.all())) {
            desk.services()
                    .deletedVaults()
                    .availability(visitor.call(), kind, desk.subscription().id(), () -> name)
                    .against()
                    .ifPresent(against -> wrong.add(DomainError.field(
                            NAME,
                            against.equals("AlreadyExists")
                                    ? "The name '" + name
                                            + "' is in use on this server, perhaps by one that is deleted."
                                    : "A name must have 3 to 24 letters, digits and hyphens, begin with a letter, end"
                                            + " with a letter or digit, and have no two hyphens in a row.")));
        }
        return wrong;
    }

    @Override
    ObjectNode body(Visitor visitor, Typed typed) {
        ObjectNode body = Json.object();
        text(body, LOCATION, typed.text(LOCATION));
        ObjectNode properties = body.putObject("properties");
        properties.put("tenantId", desk.subscription().tenant());
        number(properties, "softDeleteRetentionInDays", typed.text(DAYS));
        if (typed.on(PURGE, true)) {
            properties.put("enablePurgeProtection", true);
        }
        if (kind == VaultKind.VAULT) {
            properties.putObject("sku").put("family", "A").put("name", typed.text(SKU));
            properties.put("enableRbacAuthorization", !typed.text(RIGHTS).equals("policies"));
        } else {
            body.putObject("sku").put("family", "B").put("name", "Standard_B1");
            ArrayNode administrators = properties.putArray("initialAdminObjectIds");
            for (String id : typed.text(ADMINISTRATORS).split("[\\s,;]+")) {
                if (!id.isEmpty()) {
                    administrators.add(id);
                }
            }
        }
        return body;
    }

    @Override
    String next(Visitor visitor, Typed typed, ArmId made) {
        return Links.vault(kind, made.name()) + "?done=made";
    }

    @Override
    Map<String, String> sources() {
        return Map.of(
                "properties.sku", SKU,
                "sku", SKU,
                "properties.softDeleteRetentionInDays", DAYS,
                "properties.enablePurgeProtection", PURGE,
                "properties.enableRbacAuthorization", RIGHTS,
                "properties.initialAdminObjectIds", ADMINISTRATORS);
    }
}

package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.key.AttributeChanges;
import dev.keyturn.core.key.KeyChanges;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultDesk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** From when and until when new things may be put under a key version. */
final class KeyDatesForm implements Form {
    private static final String FROM = "from";
    private static final String EXPIRES = "expires";
    private static final String ANYWAY = "anyway";
    private static final Map<String, String> SOURCES = Map.of("attributes.nbf", FROM, "attributes.exp", EXPIRES);

    private final VaultDesk desk;
    private final VaultKind kind;

    KeyDatesForm(VaultDesk desk, VaultKind kind) {
        this.desk = desk;
        this.kind = kind;
    }

    @Override
    public About about() {
        return new About(
                Links.vaults(kind) + "/{vault}/keys/{key}/versions/{version}/dates",
                "Dates",
                "Save the dates",
                Links.vaults(kind),
                kind == VaultKind.VAULT ? "Key vaults" : "Managed HSMs",
                List.of(
                        "Outside of these dates nothing new is put under the version: no VM is made under it, and no set"
                                + " changes its key to it. What is under it goes on to open.",
                        "A date that is there can be changed, and not be taken away."));
    }

    @Override
    public String title(Visitor visitor) {
        return "Dates of "
                + KeyLook.of(desk.node().services().keys().keys().id(vault(visitor), version(visitor)))
                        .label();
    }

    @Override
    public List<FormPage.Crumb> inside(Visitor visitor) {
        String vault = vault(visitor).name();
        return List.of(
                new FormPage.Crumb(vault, Links.vault(kind, vault)),
                new FormPage.Crumb(visitor.request().variable("key"), back(visitor)));
    }

    @Override
    public String back(Visitor visitor) {
        return Links.vaultKey(kind, vault(visitor).name(), visitor.request().variable("key"));
    }

    private Vault vault(Visitor visitor) {
        return desk.vault(visitor, kind);
    }

    private KeyVersion version(Visitor visitor) {
        return desk.node()
                .services()
                .keys()
                .keys()
                .get(
                        visitor.call(),
                        vault(visitor),
                        visitor.request().variable("key"),
                        Optional.of(visitor.request().variable("version")));
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        var attributes = version(visitor).attributes();
        List<Field> fields = new ArrayList<>(List.of(
                Field.text(FROM, "Valid from", typed.text(FROM, KeyDates.text(attributes.notBefore())), KeyDates.HINT)
                        .optional(),
                Field.text(EXPIRES, "Expires", typed.text(EXPIRES, KeyDates.text(attributes.expires())), KeyDates.HINT)
                        .optional()));
        if (typed.sent() && ending(visitor, typed).isPresent()) {
            fields.add(Field.tick(ANYWAY, "End it although it is in use", typed.on(ANYWAY, false), ""));
        }
        return fields;
    }

    /** Which sets could go on with nothing new, where the end that was typed has passed already. */
    private Optional<String> ending(Visitor visitor, Typed typed) {
        KeyVersion version = version(visitor);
        Instant now = desk.clock().instant();
        if (KeyDates.of(typed.text(EXPIRES)).filter(end -> !end.isAfter(now)).isEmpty()
                || version.attributes().expired(now)) {
            return Optional.empty();
        }
        Optional<List<String>> sets =
                desk.setsOf(visitor, desk.node().services().keys().keys().id(vault(visitor), version));
        if (sets.isEmpty()) {
            return Optional.of(
                    "You may not see whether it is the active key of a set. Reader at the subscription allows"
                            + " it.");
        }
        return sets.filter(s -> !s.isEmpty()).map(s -> "It is the active key of " + String.join(", ", s) + ".");
    }

    private Optional<ErrorInfo> ended(Visitor visitor, Typed typed) {
        return typed.on(ANYWAY, false)
                ? Optional.empty()
                : ending(visitor, typed)
                        .map(sets -> DomainError.field(
                                EXPIRES,
                                "That has passed already. " + sets + " Nothing new is put under a set's key that has"
                                        + " expired: no VM and no disk is made in it. Say that it is meant so, or change"
                                        + " the key of the set first."));
    }

    /** A date that is there, and that the form was sent without. */
    private static Optional<ErrorInfo> emptied(String field, Optional<Instant> present, Typed typed) {
        return present.filter(_ -> typed.text(field).isEmpty())
                .map(at -> DomainError.field(
                        field,
                        "A date that is there cannot be taken away. It is " + KeyDates.text(Optional.of(at)) + "."));
    }

    @Override
    public void require(Visitor visitor, Typed typed) {
        desk.answer(visitor, kind, () -> {
            Vault vault = vault(visitor);
            desk.require(visitor, vault, KeyPermission.UPDATE, visitor.request().variable("key"));
            return vault;
        });
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        var present = version(visitor).attributes();
        return Stream.of(
                        KeyDates.problem(FROM, typed.text(FROM)),
                        KeyDates.problem(EXPIRES, typed.text(EXPIRES)),
                        emptied(FROM, present.notBefore(), typed),
                        emptied(EXPIRES, present.expires(), typed),
                        ended(visitor, typed))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void rehearse(Visitor visitor, Typed typed, Call call) {
        desk.node()
                .services()
                .keys()
                .keys()
                .check(
                        call,
                        vault(visitor),
                        visitor.request().variable("key"),
                        visitor.request().variable("version"),
                        changes(typed));
    }

    @Override
    public String make(Visitor visitor, Typed typed) {
        KeyVersion changed = desk.node()
                .services()
                .keys()
                .keys()
                .update(
                        visitor.call(),
                        vault(visitor),
                        visitor.request().variable("key"),
                        Optional.of(visitor.request().variable("version")),
                        changes(typed));
        return Links.vaultKey(kind, vault(visitor).name(), changed.name());
    }

    private static KeyChanges changes(Typed typed) {
        return new KeyChanges(
                Optional.empty(),
                new AttributeChanges(
                        Optional.empty(),
                        KeyDates.of(typed.text(FROM)),
                        KeyDates.of(typed.text(EXPIRES)),
                        Optional.empty()),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public Optional<Step> step(Visitor visitor, Typed typed) {
        ObjectNode body = Json.object();
        ObjectNode attributes = body.putObject("attributes");
        put(attributes, "nbf", KeyDates.of(typed.text(FROM)));
        put(attributes, "exp", KeyDates.of(typed.text(EXPIRES)));
        Vault vault = vault(visitor);
        String url =
                desk.node().services().keys().keys().id(vault, version(visitor)).url();
        return Optional.of(Step.key(about().button(), "PATCH", url).sending(Json.text(body)));
    }

    private static void put(ObjectNode in, String name, Optional<Instant> at) {
        at.ifPresent(t -> in.put(name, t.getEpochSecond()));
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        return Optional.ofNullable(SOURCES.get(error.target().orElse("")));
    }
}

package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.rotation.Blocker;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyGrants;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changing the key of a set, on one page: the new key, what is in the way, saving; then how it goes and went. */
public final class KeyPages {
    /** Of VMs that were not asked to stop: how many are named with the reason. */
    private static final int TOLD = 200;

    private final SetDesk desk;
    private final KeyChoices choices;
    private final Preflighting preflighting;
    private final KeyResults results;

    public KeyPages(SetDesk desk) {
        this.desk = desk;
        this.choices = new KeyChoices(desk);
        this.preflighting = new Preflighting(desk);
        this.results = new KeyResults(desk);
    }

    public void addTo(Routes routes) {
        Entry entry = desk.entry();
        entry.page(routes, Links.KEY, this::look);
        entry.form(routes, Links.KEY, this::save);
        entry.form(routes, Links.KEY + "/new-version", this::newVersion);
        entry.form(routes, Links.KEY + "/stop", this::stop);
        entry.form(routes, Links.KEY + "/give-access", this::giveAccess);
        entry.form(routes, Links.KEY + "/disable", this::disable);
    }

    private Response look(Visitor visitor) {
        Optional<String> typed = visitor.request().query("key").filter(k -> !k.isBlank());
        Optional<KeyId> key = typed.flatMap(KeyId::parse);
        KeyChoices.Asked asked = KeyChoices.Asked.of(visitor);
        if (asked.version().isPresent() && key.isEmpty()) {
            DiskEncryptionSet set = desk.services().sets().get(visitor.call(), desk.id(visitor));
            Optional<KeyId> selected =
                    choices.selected(choices.of(visitor, set.id(), set.activeKey(), Optional.empty(), asked));
            if (selected.isPresent()) {
                return Html.to(Links.key(set.id(), selected.get()));
            }
        }
        List<String> problems =
                typed.isPresent() && key.isEmpty() ? List.of("The new key must be " + KeyId.FORM + ".") : List.of();
        return page(visitor, problems.isEmpty() ? 200 : 400, key, problems);
    }

    private Response save(Visitor visitor) {
        ArmId id = desk.services().sets().place(visitor.call(), desk.id(visitor));
        KeyId key = key(visitor);
        try {
            desk.services().sets().change(visitor.call(), id, Precondition.NONE, seen -> withKey(seen, key));
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict) && !(e.error() instanceof DomainError.Unavailable)) {
                throw e;
            }
            return refused(visitor, key, e.error());
        }
        return Html.to(Links.key(id, key));
    }

    /** As a PATCH of nothing but the key has it. */
    private static DiskSetSpec withKey(SetView seen, KeyId key) {
        DiskEncryptionSet set = seen.set();
        return new DiskSetSpec(
                set.id(),
                set.head().location(),
                set.head().tags(),
                set.head().document(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(key.url()),
                Optional.empty(),
                false,
                false);
    }

    private Response newVersion(Visitor visitor) {
        DiskEncryptionSet set = desk.services().sets().get(visitor.call(), desk.id(visitor));
        KeyId present = set.activeKey();
        Vault vault = desk.requireVault(present);
        KeyVersion made = desk.services().keys().rotation().rotate(visitor.call(), vault, present.name());
        return Html.to(Links.key(set.id(), desk.services().keys().keys().id(vault, made)));
    }

    private Response stop(Visitor visitor) {
        ArmId id = desk.services().sets().place(visitor.call(), desk.id(visitor));
        KeyId key = key(visitor);
        int begun = 0;
        List<String> refused = new ArrayList<>();
        List<Blocker> blockers =
                desk.services().rotations().preflight(visitor.call(), id, key).blockers();
        for (Blocker blocker : blockers) {
            if (blocker instanceof Blocker.VmNotStopped vm && Preflighting.stoppable(blocker)) {
                try {
                    desk.services()
                            .power()
                            .powerOffForKey(visitor.call(), vm.vm(), id)
                            .operation();
                    begun++;
                } catch (DomainException e) {
                    refused.add(vm.vm().name() + ": " + e.error().info().message());
                }
            }
        }
        if (refused.isEmpty()) {
            return Html.to(Links.key(id, key));
        }
        List<String> told = new ArrayList<>();
        told.add((begun == 1 ? "1 VM is" : begun + " VMs are") + " asked to stop; " + refused.size()
                + (refused.size() == 1 ? " was not:" : " were not:"));
        told.addAll(refused.subList(0, Math.min(TOLD, refused.size())));
        return page(visitor, 409, Optional.of(key), told);
    }

    private Response giveAccess(Visitor visitor) {
        DiskEncryptionSet set = desk.services().sets().get(visitor.call(), desk.id(visitor));
        KeyId key = key(visitor);
        Vault vault = desk.requireVault(key);
        Optional<String> why =
                Optional.of("Identity of disk encryption set " + set.id().name());
        try {
            new KeyGrants(desk.services().grants(), desk.services().hsmAssignments())
                    .give(visitor.call(), vault, encryptionUser(vault.kind()), set.principal(), why);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict)) {
                throw e;
            }
            return refused(visitor, key, e.error());
        }
        Optional<String> then = Optional.ofNullable(visitor.request().form().get("then"));
        return Html.to(then.isPresent() ? Entry.within(then) : Links.key(set.id(), key));
    }

    /** The least role by which a set's identity uses its key. */
    private static Role encryptionUser(VaultKind kind) {
        return switch (kind) {
            case VAULT -> Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER;
            case MANAGED_HSM -> HsmRoles.CRYPTO_SERVICE_ENCRYPTION_USER;
        };
    }

    private Response disable(Visitor visitor) {
        ArmId id = desk.services().sets().get(visitor.call(), desk.id(visitor)).id();
        String typed = visitor.request().form().getOrDefault("label", "");
        results.disable(visitor, key(visitor), typed);
        return Html.to(Links.key(id));
    }

    private static KeyId key(Visitor visitor) {
        return SetDesk.key(visitor.request().form().getOrDefault("key", ""));
    }

    private Response refused(Visitor visitor, KeyId key, DomainError error) {
        List<String> problems = new ArrayList<>(List.of(error.info().message()));
        error.info().details().stream().map(ErrorInfo::message).forEach(problems::add);
        Response page = page(visitor, ErrorStatus.of(error), Optional.of(key), problems);
        return ErrorStatus.withRetry(page, error);
    }

    private Response page(Visitor visitor, int status, Optional<KeyId> asked, List<String> problems) {
        KeyPage page = page(visitor, asked, problems);
        String title = "Change the key of " + page.bar().name();
        Frame frame =
                desk.entry().frame(visitor, title, Links.SETS, Optional.empty()).with(steps(visitor, page));
        return desk.entry().html().page(status, "set-key", frame, page);
    }

    private List<Step> steps(Visitor visitor, KeyPage page) {
        List<Step> all = new ArrayList<>(page.result()
                .flatMap(KeyPage.Result::ran)
                .map(r -> SetSteps.starts(visitor.request(), r.named()))
                .orElse(List.of()));
        all.addAll(SetSteps.key(
                visitor.request(),
                desk.id(visitor),
                page.choice()
                        .filter(KeyChoice::newVersion)
                        .flatMap(_ -> KeyId.parse(page.active().url())),
                page.way().flatMap(_ -> page.target()).flatMap(t -> KeyId.parse(t.url())),
                page.result()
                        .flatMap(KeyPage.Result::old)
                        .filter(KeyPage.Old::offered)
                        .flatMap(o -> KeyId.parse(o.key().url())),
                page.way().map(InTheWay::toStop).orElse(List.of())));
        return all;
    }

    private KeyPage page(Visitor visitor, Optional<KeyId> asked, List<String> problems) {
        Census census = desk.services().sets().census(visitor.call(), desk.id(visitor));
        DiskEncryptionSet set = census.set();
        SetBar bar = SetBar.of(census);
        boolean may = desk.may(visitor, Action.DISK_SET_WRITE, Scope.of(set.id()));
        Optional<Account> latest = results.latest(visitor.call(), set);
        Optional<RotationLine> line = latest.map(desk::line);
        boolean rotating = set.rotation().isPresent();
        boolean failed =
                !rotating && line.filter(l -> !l.running() && !l.succeeded()).isPresent();
        // what failed is tried again unless something else is asked for
        Optional<KeyId> target = asked.or(() -> failed && problems.isEmpty() && !narrowing(visitor)
                ? latest.map(a -> a.rotation().to())
                : Optional.empty());
        boolean already = target.filter(set.activeKey()::equals).isPresent() && !census.split();
        Optional<KeyPage.Result> result = rotating || (!failed && !tellsOf(latest, set, asked))
                ? Optional.empty()
                : latest.flatMap(a -> line.filter(l -> !l.running()).map(l -> results.of(visitor, census, a, l)));
        return new KeyPage(
                bar,
                Links.key(set.id()),
                KeyLook.of(set.activeKey()),
                may,
                rotating ? line : Optional.empty(),
                latest.filter(_ -> rotating)
                        .map(a -> Moving.kinds(census, a.rotation().to()))
                        .orElse(List.of()),
                latest.filter(_ -> rotating)
                        .flatMap(a ->
                                Moving.hosts(desk, visitor, census, a.rotation().to())),
                result,
                rotating || !may || visitor.request().query("round").isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                choices.of(visitor, set.id(), set.activeKey(), target, KeyChoices.Asked.of(visitor))),
                target.map(KeyLook::of),
                target.filter(_ -> may && !already && !rotating).map(t -> preflighting.of(visitor, set, t)),
                target.map(t -> Links.key(set.id(), t)).orElse(Links.key(set.id())),
                problems);
    }

    private static boolean narrowing(Visitor visitor) {
        return KeyChoices.Asked.of(visitor).vault().isPresent();
    }

    /** Whether the last rotation is what the page is about: it led to the key that is asked for, or to the active one. */
    private static boolean tellsOf(Optional<Account> latest, DiskEncryptionSet set, Optional<KeyId> asked) {
        return latest.map(a -> a.rotation().to())
                .filter(set.activeKey()::equals)
                .filter(to -> asked.isEmpty() || asked.get().equals(to))
                .isPresent();
    }
}

package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.verification.Verification;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Trouble;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Disk encryption sets: all of them, one, and the proof that everything of one opens. */
public final class SetPages {
    static final List<String> KINDS =
            Arrays.stream(ArtifactKind.values()).map(ArtifactKind::words).toList();

    private static final int SHOWN = 25;
    private static final int SCANNED = 200;
    private static final int DISKS = 50;
    private static final int DISKS_COUNTED = 1000;
    private static final int ROTATIONS = 20;

    private final SetDesk desk;

    public SetPages(SetDesk desk) {
        this.desk = desk;
    }

    public void addTo(Routes routes) {
        desk.entry().page(routes, Links.SETS, this::list);
        desk.entry().page(routes, Links.ONE, this::show);
        desk.entry().form(routes, Links.ONE + "/verify", this::verify);
    }

    private Response list(Visitor visitor) {
        String name = visitor.request().query("name").orElse("").strip();
        String group = visitor.request().query("group").orElse("").strip();
        SetListPage page;
        try {
            page = found(visitor, name, group);
        } catch (DomainException e) {
            page = switch (e.error()) {
                case DomainError.Forbidden _ ->
                    new SetListPage(
                            name,
                            group,
                            List.of(),
                            Optional.empty(),
                            Optional.of(forbidden(group)),
                            mayCreate(visitor, group));
                case DomainError.NotFound missing ->
                    new SetListPage(
                            name,
                            group,
                            List.of(),
                            Optional.empty(),
                            Optional.of(missing.info().message()),
                            false);
                default -> throw e;
            };
        }
        return desk.entry()
                .html()
                .page(
                        200,
                        "sets",
                        desk.entry()
                                .frame(visitor, "Disk encryption sets", Links.SETS, Optional.empty())
                                .with(SetSteps.list(
                                        visitor.request(), desk.subscription().id())),
                        page);
    }

    private static String forbidden(String group) {
        return "You may not list the sets of resource group '" + group + "'. Reader at it allows that.";
    }

    /** Of the whole subscription everybody sees what they may read: said to whom that is not all. */
    private Optional<String> partly(Visitor visitor, String group) {
        return group.isEmpty()
                        && !desk.may(
                                visitor,
                                Action.DISK_SET_READ,
                                Scope.subscription(desk.subscription().id()))
                ? Optional.of(Links.partly("sets"))
                : Optional.empty();
    }

    private SetListPage found(Visitor visitor, String name, String group) {
        Call call = visitor.call();
        String wanted = name.toLowerCase(Locale.ROOT);
        Optional<String> in = Optional.of(group).filter(g -> !g.isEmpty() && g.indexOf('/') < 0);
        Optional<String> after = visitor.request().query("after").filter(a -> !a.isEmpty());
        List<ArmId> ids = new ArrayList<>();
        while (ids.size() <= SHOWN) {
            List<SetView> some =
                    desk.services().sets().page(call, desk.subscription().id(), in, after, SCANNED);
            some.stream()
                    .map(s -> s.set().id())
                    .filter(id -> id.name().toLowerCase(Locale.ROOT).contains(wanted))
                    .forEach(ids::add);
            if (some.size() < SCANNED) {
                break;
            }
            after = Optional.of(some.getLast().set().id().key());
        }
        List<ArmId> shown = ids.subList(0, Math.min(SHOWN, ids.size()));
        Optional<String> more = ids.size() > SHOWN
                ? Optional.of(Links.sets(name, group) + "&after="
                        + Links.part(shown.getLast().key()))
                : Optional.empty();
        return new SetListPage(
                name,
                group,
                shown.stream()
                        .map(id -> bar(visitor, desk.services().sets().census(call, id)))
                        .toList(),
                more,
                partly(visitor, group),
                mayCreate(visitor, group));
    }

    private SetBar bar(Visitor visitor, Census census) {
        SetBar bar = SetBar.of(census);
        return desk.may(visitor, Action.VM_READ, Scope.of(census.set().id().group())) ? bar.counting(census) : bar;
    }

    private boolean mayCreate(Visitor visitor, String group) {
        Optional<String> in = Optional.of(group).filter(g -> !g.isEmpty() && g.indexOf('/') < 0);
        return desk.may(
                visitor, Action.DISK_SET_WRITE, Scope.of(desk.subscription().id(), in));
    }

    private Response verify(Visitor visitor) {
        var begun = desk.services().verification().begin(visitor.call(), desk.id(visitor));
        return Html.to(Links.set(begun.resource().id()) + "?verify="
                + begun.operation().id() + "#proof");
    }

    private Response show(Visitor visitor) {
        SetPage page = page(visitor);
        return desk.entry()
                .html()
                .page(
                        200,
                        "set",
                        desk.entry()
                                .frame(visitor, page.bar().name(), Links.SETS, Optional.empty())
                                .with(SetSteps.one(visitor.request(), desk.id(visitor), page.mayVerify())),
                        page);
    }

    private SetPage page(Visitor visitor) {
        Call call = visitor.call();
        Census census = desk.services().sets().census(call, desk.id(visitor));
        DiskEncryptionSet set = census.set();
        SetBar bar = SetBar.of(census);
        Optional<OperationId> asked = visitor.request().query("verify").flatMap(OperationId::parse);
        Verification.Known known = desk.services().verification().last(call, set.id());
        Optional<SetPage.Proof> proof = desk.services()
                .verification()
                .find(call, set.id(), asked)
                .filter(o -> o.running() || !tells(known, o.id()))
                .map(SetPages::proof);
        List<ArmId> disks = desk.services().sets().associated(call, set.id(), Optional.empty(), DISKS_COUNTED + 1);
        return new SetPage(
                bar,
                set.id().toString(),
                desk.may(visitor, Action.DISK_SET_DELETE, Scope.of(set.id()))
                        ? Optional.of(Links.set(set.id()) + "/delete")
                        : Optional.empty(),
                set.head().location(),
                Links.set(set.id()),
                Links.set(set.id()) + asked.map(a -> "?verify=" + a).orElse(""),
                KeyLook.of(set.activeKey()),
                usesKeyAs(set),
                set.identity().used().principal().toString(),
                set.lastRotatedAt(),
                set.lastRotationError().map(Trouble::of),
                warnings(census),
                census.entries().stream().map(e -> row(set, e)).toList(),
                disks.stream()
                        .limit(DISKS)
                        .map(d -> new SetPage.Disk(d.name(), Links.disk(d), d.resourceGroup()))
                        .toList(),
                more(disks.size()),
                desk.lines(desk.services().rotations().history(call, set.id(), ROTATIONS)),
                proof,
                known.proof().map(LastProof::of),
                known.unanswered()
                        .map(v -> new SetPage.Unanswered(
                                v.endedAt(), v.requestedBy(), v.error().map(Trouble::of))),
                desk.may(visitor, Action.DISK_SET_WRITE, Scope.of(set.id())),
                desk.may(visitor, Action.DISK_SET_VERIFY, Scope.of(set.id())));
    }

    /** Whether what is kept is of that operation: then it is told once. */
    private static boolean tells(Verification.Known known, OperationId id) {
        return Stream.concat(known.proof().map(Verification.Proof::verification).stream(), known.unanswered().stream())
                .anyMatch(v -> v.id().equals(id));
    }

    private static SetPage.Row row(DiskEncryptionSet set, Census.Entry entry) {
        return new SetPage.Row(
                KeyLook.of(entry.key()),
                entry.key().equals(set.activeKey()),
                Arrays.stream(ArtifactKind.values())
                        .map(k -> entry.counts().getOrDefault(k, 0L))
                        .toList(),
                entry.total());
    }

    private static String more(int found) {
        if (found > DISKS_COUNTED) {
            return "and more than " + (DISKS_COUNTED - DISKS) + " others";
        }
        return found > DISKS ? "and " + (found - DISKS) + " more" : "";
    }

    private static String usesKeyAs(DiskEncryptionSet set) {
        return switch (set.identity().used()) {
            case SetIdentity.SystemAssigned _ -> "its own identity";
            case SetIdentity.UserAssigned user ->
                "identity " + user.resource().name() + " of resource group "
                        + user.resource().resourceGroup();
            case SetIdentity.Several _ -> throw new IllegalStateException("one identity is used, and not several");
        };
    }

    private static List<String> warnings(Census census) {
        DiskEncryptionSet set = census.set();
        List<String> all = new ArrayList<>();
        set.keyLostAt()
                .ifPresent(t -> all.add("Its key cannot be used since " + t
                        + ". No machine of the set starts, and those that run are shut down after the grace."));
        if (set.rotation().isEmpty() && census.split()) {
            all.add(
                    "The set is split: " + census.underOthers() + " of " + census.total()
                            + " artifacts are under another key version than the active one. That is safe, and is not finished.");
        }
        return all;
    }

    private static SetPage.Proof proof(Operation operation) {
        OperationStatus status = operation.status();
        return new SetPage.Proof(
                switch (status) {
                    case IN_PROGRESS -> "working";
                    case SUCCEEDED -> "done";
                    case FAILED -> "error";
                    case CANCELED -> "off";
                },
                switch (status) {
                    case IN_PROGRESS -> "Every artifact is being opened";
                    case SUCCEEDED -> "Every artifact opens";
                    case FAILED -> "Not every artifact opens";
                    case CANCELED -> "Given up";
                },
                operation.percentComplete(),
                operation.startedAt(),
                operation.endedAt(),
                operation.error().map(Trouble::of));
    }
}

package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What became of one change of a key: a page that can be printed and filed. */
public final class ReportPages {
    private static final int KEPT = 1_000;

    private final SetDesk desk;

    public ReportPages(SetDesk desk) {
        this.desk = desk;
    }

    public void addTo(Routes routes) {
        desk.entry().page(routes, Links.ONE + "/rotations/{id}", this::show);
    }

    private Response show(Visitor visitor) {
        Census census = desk.services().sets().census(visitor.call(), desk.id(visitor));
        ArmId set = census.set().id();
        Account account = OperationId.parse(visitor.request().variable("id"))
                .flatMap(id -> desk.services().rotations().find(visitor.call(), set, id, KEPT))
                .orElseThrow(() -> new DomainError.NotFound(
                                ErrorInfo.of("NotFound", "The set has no such change of its key."))
                        .asException());
        Instant now = desk.clock().instant();
        RotationLine line = desk.line(account);
        List<KeyPage.Kept> kept = account.failures().stream()
                .map(f -> KeyResults.kept(f.reason()))
                .toList();
        ReportPage page = new ReportPage(
                set.name(),
                Links.set(set),
                set.toString(),
                line,
                account.rotation().id().toString(),
                account.operation().map(o -> o.correlation().toString()),
                account.rotation().deep(),
                kept,
                Math.max(0, line.failed() - kept.size()),
                account.rotation().endedAt(),
                now);
        Frame frame = desk.entry()
                .frame(visitor, "Change of the key of " + set.name(), Links.SETS, Optional.empty())
                .with(Step.of(visitor.request(), "Show it", "GET", set, "/rotations/" + page.rotation(), Step.DISKS));
        return desk.entry().html().page(200, "rotation", frame, page);
    }
}

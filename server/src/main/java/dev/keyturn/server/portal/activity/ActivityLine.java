package dev.keyturn.server.portal.activity;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.portal.frame.Links;
import java.time.Instant;
import java.util.Optional;

/**
 * A record as a list tells it.
 *
 * @param href of its own page
 * @param about where a page shows what it is about
 * @param state its class in the style
 */
public record ActivityLine(
        Instant at,
        String href,
        String action,
        String scope,
        String name,
        Optional<String> about,
        String who,
        String state,
        String word,
        String code) {

    static ActivityLine of(AuditRecord r, String href) {
        Optional<ArmId> resource = ArmId.parse(r.scope());
        return new ActivityLine(
                r.at(),
                href,
                r.action(),
                r.scope(),
                r.target()
                        .orElse(resource.map(ArmId::name)
                                .filter(n -> !n.isEmpty())
                                .orElse(r.scope())),
                resource.flatMap(ActivityLine::page),
                r.callerName(),
                switch (r.outcome()) {
                    case ALLOWED -> "done";
                    case REFUSED -> "warning";
                    case FAILED -> "error";
                },
                switch (r.outcome()) {
                    case ALLOWED -> "Allowed";
                    case REFUSED -> "Refused";
                    case FAILED -> "Failed";
                },
                r.code().orElse(""));
    }

    private static Optional<String> page(ArmId resource) {
        if (resource.hasType(ConfidentialVm.TYPE)) {
            return Optional.of(Links.vm(resource));
        }
        return resource.hasType(DiskEncryptionSet.TYPE) ? Optional.of(Links.set(resource)) : Optional.empty();
    }
}

package dev.keyturn.core.door;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** What doors record: in the transaction of a write, or in one of its own. Of refusals as many as {@link RefusalLimit} lets. */
final class DoorRecord {
    private final Transactions transactions;
    private final AuditLog audit;
    private final RefusalLimit limit = new RefusalLimit();

    DoorRecord(Transactions transactions, AuditLog audit) {
        this.transactions = transactions;
        this.audit = audit;
    }

    void of(Tx tx, List<AuditEntry> entries) {
        entries.forEach(e -> audit.append(tx, e));
    }

    void of(List<AuditEntry> entries) {
        transactions.run(tx -> of(tx, entries));
    }

    void refused(Call call, Refused refused, Optional<String> target) {
        PrincipalId who = call.caller().principal();
        Optional<RefusalLimit.Place> place = limit.next(who, audit.now());
        if (place.isPresent()) {
            try {
                of(List.of(refused.entry(call, target, place.get())));
            } catch (RuntimeException | Error e) {
                limit.giveBack(who, place.get());
                throw e;
            }
        }
    }
}

package dev.keyturn.core.directory;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** What a principal may do to itself without any right, and others as {@code others} says. */
public record OwnOr(PrincipalId self, Ask others) implements Ask {
    @Override
    public Action action() {
        return others.action();
    }

    @Override
    public Scope at() {
        return others.at();
    }

    @Override
    public Optional<String> target() {
        return others.target();
    }

    @Override
    public List<Ask> parts() {
        return others.parts().stream()
                .<Ask>map(part -> part.equals(others) ? this : new OwnOr(self, part))
                .toList();
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return call.caller().principal().equals(self) ? Optional.empty() : others.refusal(tx, call);
    }
}

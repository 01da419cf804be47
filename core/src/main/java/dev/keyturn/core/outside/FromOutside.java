package dev.keyturn.core.outside;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Tx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** That somebody who comes from an outside provider was not let in. {@code subject} is empty where nobody was shown. */
public record FromOutside(String issuer, Optional<String> subject, OutsideRefusal why) implements Ask {
    static final Scope PEOPLE = Scope.of(ArmId.TENANT);

    @Override
    public Action action() {
        return Action.SIGN_IN;
    }

    @Override
    public Scope at() {
        return PEOPLE;
    }

    @Override
    public Optional<String> target() {
        return Optional.of(target(issuer, subject));
    }

    /** As a record names somebody of a provider. */
    public static String target(String issuer, Optional<String> subject) {
        return "/outside/" + part(issuer) + subject.map(s -> "/" + part(s)).orElse("");
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return Optional.of(new DomainError.Unauthenticated(why.info()));
    }

    /** As one part of a target, which has parts between slashes. */
    private static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

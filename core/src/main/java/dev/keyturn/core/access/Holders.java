package dev.keyturn.core.access;

import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Who there is that can hold roles, by id and by name. Asks for no right: whoever calls this has. Thread-safe. */
public record Holders(PersonStore people, PersonGroupStore groups, PrincipalStore principals) {
    /** Of each kind; who is not among them is found by name or id all the same. */
    private static final int SUGGESTED = 200;

    private static final int PAGE = 500;

    /** Empty where there is nobody with this id, or not any more. */
    public Optional<Holder> find(Tx tx, PrincipalId id) {
        return people.find(tx, id)
                .map(Holders::of)
                .or(() -> groups.find(tx, id).map(Holders::of))
                .or(() -> principals.find(tx, id).map(Holders::of));
    }

    /**
     * Who is meant by an object id or a name.
     *
     * @param known whether people and their groups are found by name
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where nobody or more than one is
     */
    public Holder named(Tx tx, String text, boolean known) {
        Optional<PrincipalId> id = PrincipalId.parse(text);
        if (id.isPresent()) {
            return find(tx, id.get())
                    .orElseThrow(() -> invalid("There is nobody with the object id '" + text + "' in this directory."));
        }
        List<Holder> found = new ArrayList<>();
        if (known) {
            SignInName.parse(text)
                    .flatMap(n -> people.find(tx, n))
                    .map(Holders::of)
                    .ifPresent(found::add);
            GroupName.parse(text)
                    .flatMap(n -> groups.find(tx, n))
                    .map(Holders::of)
                    .ifPresent(found::add);
        }
        programs(tx, Integer.MAX_VALUE).stream()
                .filter(p -> p.displayName().equalsIgnoreCase(text))
                .map(Holders::of)
                .forEach(found::add);
        if (found.isEmpty()) {
            throw invalid(
                    known
                            ? "There is no person, group or program '" + text + "' here. Give a name or an object id."
                            : "There is no program '" + text
                                    + "' here. Give the object id: who may not read people finds none by name.");
        }
        if (found.size() > 1) {
            List<String> which = found.stream()
                    .map(h -> h.kind().wire() + " " + h.id())
                    .limit(10)
                    .toList();
            throw invalid("'" + text + "' is the name of " + found.size() + ": " + String.join(", ", which)
                    + ". Give the object id of the one that is meant.");
        }
        return found.getFirst();
    }

    /** Some of everybody, to choose from: people and groups where they may be {@code known}, then programs. */
    public List<Holder> some(Tx tx, boolean known) {
        List<Holder> all = new ArrayList<>();
        if (known) {
            people.page(tx, Optional.empty(), SUGGESTED).stream()
                    .map(Holders::of)
                    .forEach(all::add);
            groups.page(tx, Optional.empty(), SUGGESTED).stream()
                    .map(Holders::of)
                    .forEach(all::add);
        }
        programs(tx, SUGGESTED).stream().map(Holders::of).forEach(all::add);
        return all;
    }

    private List<Principal> programs(Tx tx, int most) {
        List<Principal> all = new ArrayList<>();
        Function<Optional<PrincipalId>, List<Principal>> page =
                after -> principals.page(tx, after, Math.min(PAGE, most - all.size()));
        List<Principal> some = page.apply(Optional.empty());
        while (!some.isEmpty()) {
            all.addAll(some);
            some = all.size() >= most
                    ? List.of()
                    : page.apply(Optional.of(some.getLast().id()));
        }
        return all;
    }

    private static Holder of(Person person) {
        return new Holder(person.id(), HolderKind.USER, person.name().text(), person.displayName());
    }

    private static Holder of(PersonGroup group) {
        return new Holder(group.id(), HolderKind.GROUP, group.name().text(), group.description());
    }

    private static Holder of(Principal principal) {
        return new Holder(
                principal.id(),
                HolderKind.SERVICE_PRINCIPAL,
                principal.displayName(),
                principal.resource().map(Object::toString).orElse("signs in as " + principal.appId()));
    }

    private static RuntimeException invalid(String message) {
        return new DomainError.Invalid(ErrorInfo.at("who", "HolderNotFound", message)).asException();
    }
}

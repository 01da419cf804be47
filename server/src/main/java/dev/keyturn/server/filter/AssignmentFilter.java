package dev.keyturn.server.filter;

import dev.keyturn.core.identity.PrincipalId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code $filter} of the lists of role assignments, at ARM and at a managed HSM: {@code atScope()}, {@code principalId
 * eq '<guid>'} and {@code assignedTo('<guid>')}, joined by {@code and}.
 *
 * @param atScopeOnly whether what is assigned below the scope is left out
 * @param principals those that the assignment must be of, all of them at once
 */
public record AssignmentFilter(boolean atScopeOnly, List<PrincipalId> principals) {
    private static final String USAGE =
            "atScope(), principalId eq '<guid>', assignedTo('<guid>'), or several of them joined by 'and'";

    public AssignmentFilter {
        principals = List.copyOf(principals);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} where it is none of this */
    public static AssignmentFilter of(Optional<String> text) {
        return FilterText.of(text, USAGE)
                .map(AssignmentFilter::parse)
                .orElseGet(() -> new AssignmentFilter(false, List.of()));
    }

    public boolean lets(PrincipalId principal) {
        return principals.stream().allMatch(principal::equals);
    }

    private static AssignmentFilter parse(FilterText text) {
        Filter filter = text.parse();
        List<Filter> parts = filter instanceof Filter.All all ? all.parts() : List.of(filter);
        boolean atScope = false;
        List<PrincipalId> principals = new ArrayList<>();
        for (Filter part : parts) {
            if (!(part instanceof Filter.Term term)) {
                throw text.refused(1, "only 'and' joins terms of this list");
            }
            if (term.is(Filter.Form.CALL, "atScope") && term.arguments().isEmpty()) {
                atScope = true;
            } else if (term.is(Filter.Form.EQUALS, "principalId") || term.is(Filter.Form.CALL, "assignedTo")) {
                principals.add(term.value()
                        .flatMap(PrincipalId::parse)
                        .orElseThrow(() -> text.refused(term.at(), "a principal's object id is a GUID in quotes")));
            } else {
                throw text.refused(term);
            }
        }
        return new AssignmentFilter(atScope, principals);
    }
}

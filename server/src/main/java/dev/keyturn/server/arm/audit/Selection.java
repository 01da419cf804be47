package dev.keyturn.server.arm.audit;

import dev.keyturn.core.model.DomainError;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code $select}: names of fields, with commas between them. */
final class Selection {
    private Selection() {}

    /** The fields in their own spelling; empty where nothing is selected, so that all are wanted. */
    static Set<String> of(Optional<String> text, List<String> fields) {
        return text.filter(t -> !t.isBlank()).stream()
                .flatMap(t -> Stream.of(t.split(",", -1)))
                .map(String::strip)
                .map(name -> fields.stream()
                        .filter(name::equalsIgnoreCase)
                        .findFirst()
                        .orElseThrow(() -> DomainError.invalid(
                                        "$select",
                                        "'$select' may name " + String.join(", ", fields) + ", and not '"
                                                + (name.length() <= 40 ? name : name.substring(0, 40) + "...") + "'.")
                                .asException()))
                .collect(Collectors.toUnmodifiableSet());
    }
}

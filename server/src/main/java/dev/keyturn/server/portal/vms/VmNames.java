package dev.keyturn.server.portal.vms;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How pages and forms name VMs, which are all in one subscription: {@code group/name}; many of them as {@code
 * group:name,name;group:name}. None of these signs can be in a name.
 */
public record VmNames(String subscription) {
    ArmId one(String group, String name) {
        return new ArmId(subscription, group, ConfidentialVm.TYPE, name);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} where it is not {@code group/name} */
    ArmId one(String text) {
        return parse(text, ConfidentialVm.TYPE)
                .orElseThrow(
                        () -> DomainError.invalid("vm", "'" + text + "' names no virtual machine: group/name does.")
                                .asException());
    }

    Optional<ArmId> parse(String text, String type) {
        int slash = text.indexOf('/');
        return slash > 0 && slash < text.length() - 1 && text.indexOf('/', slash + 1) < 0
                ? Optional.of(new ArmId(subscription, text.substring(0, slash), type, text.substring(slash + 1)))
                : Optional.empty();
    }

    static String of(ArmId id) {
        return id.resourceGroup() + "/" + id.name();
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} where it is no such list */
    List<ArmId> many(String text) {
        Set<ArmId> all = new LinkedHashSet<>();
        for (String group : text.split(";", -1)) {
            int colon = group.indexOf(':');
            for (String name : group.substring(colon + 1).split(",", -1)) {
                all.add(one(group.substring(0, Math.max(0, colon)) + "/" + name));
            }
        }
        return List.copyOf(all);
    }

    /** As forms name them. */
    public static String many(List<ArmId> ids) {
        Map<String, List<String>> byGroup = new LinkedHashMap<>();
        ids.forEach(id -> byGroup.computeIfAbsent(id.resourceGroup(), _ -> new ArrayList<>())
                .add(id.name()));
        return String.join(
                ";",
                byGroup.entrySet().stream()
                        .map(e -> e.getKey() + ":" + String.join(",", e.getValue()))
                        .toList());
    }
}

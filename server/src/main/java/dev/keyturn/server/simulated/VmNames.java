package dev.keyturn.server.simulated;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the VM that a rehearsal means: by its full id, or by its name where only one has it. */
record VmNames(Transactions transactions, VmStore vms, String subscription) {
    private static final int PAGE = 500;

    ConfidentialVm find(String nameOrId) {
        if (nameOrId.startsWith("/")) {
            return ArmId.parse(nameOrId)
                    .flatMap(id -> transactions.read(tx -> vms.find(tx, id)))
                    .orElseThrow(() -> unknown(nameOrId));
        }
        List<ConfidentialVm> found = transactions.read(tx -> named(tx, nameOrId));
        if (found.size() > 1) {
            throw DomainError.invalid(
                            "vm",
                            "'vm' names " + found.size() + " VMs; give the full id of one: "
                                    + String.join(
                                            ", ",
                                            found.stream()
                                                    .map(v -> v.id().toString())
                                                    .toList())
                                    + ".")
                    .asException();
        }
        return found.stream().findFirst().orElseThrow(() -> unknown(nameOrId));
    }

    private List<ConfidentialVm> named(Tx tx, String name) {
        List<ConfidentialVm> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        while (true) {
            List<ConfidentialVm> page = vms.page(tx, subscription, Optional.empty(), after, PAGE);
            page.stream().filter(v -> v.id().name().equalsIgnoreCase(name)).forEach(found::add);
            if (page.size() < PAGE) {
                return found;
            }
            after = Optional.of(page.getLast().id().key());
        }
    }

    private static RuntimeException unknown(String nameOrId) {
        return new DomainError.NotFound(
                        ErrorInfo.at("vm", "ResourceNotFound", "There is no virtual machine '" + nameOrId + "'."))
                .asException();
    }
}

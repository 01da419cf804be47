package dev.keyturn.core.power;

import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.Optional;
import java.util.UUID;

/** What guests wrote to their serial consoles, read from their hosts. Nothing of it is kept here. Thread-safe. */
public final class SerialConsole {
    /** The most bytes that are shown of a console: 1 MiB. */
    public static final int MOST = 1 << 20;

    private final PowerParts parts;

    public SerialConsole(PowerParts parts) {
        this.parts = parts;
    }

    /**
     * The VM, where its host has a console of it now.
     *
     * @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound}; {@code Conflict} where there is no
     *     console; {@code Unavailable} where the host does not answer
     */
    public ConfidentialVm require(Call call, ArmId id) {
        parts.doors().require(call, Action.VM_CONSOLE_READ, Scope.of(id));
        ConfidentialVm vm = parts.transactions()
                .read(tx -> parts.vms()
                        .find(tx, id)
                        .orElseThrow(() -> parts.groups().missing(tx, id)));
        read(vm, 1);
        return vm;
    }

    /** The VM that hosts know by this id. */
    public Optional<ConfidentialVm> find(UUID vmId) {
        return parts.transactions().read(tx -> parts.vms().findByVmId(tx, vmId));
    }

    /**
     * The newest bytes, {@link #MOST} at most, just as the guest wrote them.
     *
     * @throws dev.keyturn.core.model.DomainException as {@link #require}
     */
    public byte[] newest(ConfidentialVm vm) {
        return newest(vm, MOST);
    }

    /**
     * As {@link #newest(ConfidentialVm)}, {@code most} bytes at most.
     *
     * @param most from 1 to {@link #MOST}
     */
    public byte[] newest(ConfidentialVm vm, int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("of a console 1 to " + MOST + " bytes can be read, not " + most);
        }
        return read(vm, most);
    }

    private byte[] read(ConfidentialVm vm, int most) {
        VmHost host = parts.hosts().named(vm.host());
        return host.console(vm.vmId(), most)
                .orElseThrow(() -> none(vm, host.info()).asException());
    }

    private static DomainError none(ConfidentialVm vm, HostInfo host) {
        String why = host.can().noConsole().orElse("has no log of it; one begins with the first start");
        return DomainError.notAllowed(
                "VM '" + vm.id().name() + "' has no serial console: its host '" + host.name() + "' " + why + ".");
    }
}

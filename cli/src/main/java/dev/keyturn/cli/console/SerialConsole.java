package dev.keyturn.cli.console;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Api;
import java.util.Optional;

/** One VM's serial console. {@link #read} may be called again and again. */
public final class SerialConsole {
    private static final String RETRIEVE = "/retrieveBootDiagnosticsData?sasUriExpirationTimeInMinutes=1";
    private static final String VERSION = "2024-07-01";

    private final Api api;
    private final VmAddress vm;

    private SerialConsole(Api api, VmAddress vm) {
        this.api = api;
        this.vm = vm;
    }

    /**
     * @param vm a name, alone or in the group, or a resource id
     * @throws CliException where that is not one VM
     */
    public static SerialConsole of(Api api, String vm, Optional<String> group) {
        return new SerialConsole(api, VmAddress.find(api, vm, group));
    }

    /** The VM's resource id. */
    public String vm() {
        return vm.id();
    }

    /** The newest bytes, a MiB at most, as the guest wrote them. */
    public byte[] read() {
        String address =
                api.arm("POST", vm.path() + RETRIEVE, VERSION, Optional.empty()).text("serialConsoleLogBlobUri");
        return api.download(address);
    }
}

package dev.keyturn.server.arm.compute;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.power.SerialConsole;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Serial consoles as Azure's managed boot diagnostics show them: an action answers an address that is good for a while,
 * and the log is there for whoever has it. There is no screen, so there is no screenshot. A VM has its console unless it
 * was sent with {@code bootDiagnostics.enabled: false}.
 */
public final class ConsoleRoutes {
    private static final String ACTION = "retrieveBootDiagnosticsData";
    private static final String LIFE = "sasUriExpirationTimeInMinutes";
    private static final int DEFAULT_MINUTES = 120;
    private static final int MOST_MINUTES = 1440;

    private final SerialConsole consoles;
    private final ConsoleLinks links;

    public ConsoleRoutes(SerialConsole consoles, ConsoleLinks links) {
        this.consoles = consoles;
        this.links = links;
    }

    void add(ArmRoutes routes) {
        routes.add("POST", VmRoutes.ONE + "/" + ACTION, (call, request) -> {
            ConfidentialVm vm = consoles.require(call, ResourceNames.resource(request, VmRoutes.TYPE));
            Duration life = life(request);
            requireEnabled(vm);
            return Response.ok(
                    Json.object().put("serialConsoleLogBlobUri", links.address(request.origin(), vm.vmId(), life)));
        });
    }

    /** The logs themselves, for who has an address and no token. */
    public void addOpen(Routes routes) {
        routes.add("GET", ConsoleLinks.PATTERN, request -> {
            ConfidentialVm vm = consoles.find(links.check(request))
                    .orElseThrow(() -> new DomainError.NotFound(
                                    ErrorInfo.of("ResourceNotFound", "The VM of this console log was deleted."))
                            .asException());
            requireEnabled(vm);
            return new Response(200, Map.of(), "text/plain", consoles.newest(vm));
        });
    }

    /**
     * Refuses to show the console of a VM whose owner turned it off.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict}
     */
    public static void requireEnabled(ConfidentialVm vm) {
        JsonNode enabled = Json.parseObject(vm.head().document())
                .path("properties")
                .path("diagnosticsProfile")
                .path("bootDiagnostics")
                .path("enabled");
        if (enabled.isBoolean() && !enabled.asBoolean()) {
            throw DomainError.notAllowed("Boot diagnostics is disabled for VM '"
                            + vm.id().name()
                            + "'. Set properties.diagnosticsProfile.bootDiagnostics.enabled to true to read its"
                            + " console.")
                    .asException();
        }
    }

    private static Duration life(Request request) {
        return request.query(LIFE)
                .map(text -> {
                    if (!text.matches("[0-9]{1,4}")
                            || Integer.parseInt(text) < 1
                            || Integer.parseInt(text) > MOST_MINUTES) {
                        throw DomainError.invalid(
                                        LIFE,
                                        "'" + LIFE + "' must be a whole number of minutes from 1 to " + MOST_MINUTES
                                                + ".")
                                .asException();
                    }
                    return Duration.ofMinutes(Integer.parseInt(text));
                })
                .orElse(Duration.ofMinutes(DEFAULT_MINUTES));
    }
}

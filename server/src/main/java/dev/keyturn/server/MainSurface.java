package dev.keyturn.server;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.arm.ArmSurface;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;

/** The main host: what needs no token, and Azure Resource Manager for all the rest. */
final class MainSurface implements Surface {
    private final Routes open;
    private final ArmSurface arm;

    MainSurface(Routes open, ArmSurface arm) {
        this.open = open;
        this.arm = arm;
    }

    @Override
    public Response handle(Request request) {
        return open.match(request.method(), request.path()) instanceof Routes.Match.Found found
                ? found.handler().handle(request.with(found.variables()))
                : arm.handle(request);
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return arm.refuse(request, error);
    }
}

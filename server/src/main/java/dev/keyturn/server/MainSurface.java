package dev.keyturn.server;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.arm.ArmSurface;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;

/** The main host: what needs no token, the pages of the portal, and Azure Resource Manager for all the rest. */
final class MainSurface implements Surface {
    private final Routes open;
    private final Routes portal;
    private final ArmSurface arm;

    MainSurface(Routes open, Routes portal, ArmSurface arm) {
        this.open = open;
        this.portal = portal;
        this.arm = arm;
    }

    @Override
    public Response handle(Request request) {
        if (open.match(request.method(), request.path()) instanceof Routes.Match.Found found) {
            return found.handler().handle(request.with(found.variables()));
        }
        if (portal.match(request.method(), request.path()) instanceof Routes.Match.Found page) {
            return page.handler().handle(request.with(page.variables()));
        }
        return arm.handle(request);
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return arm.refuse(request, error);
    }
}

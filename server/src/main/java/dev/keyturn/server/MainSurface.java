package dev.keyturn.server;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.arm.ArmSurface;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.portal.Portal;

/** The main host: what needs no token, the pages of the portal, and Azure Resource Manager for all the rest. */
final class MainSurface implements Surface {
    private final Routes open;
    private final Portal portal;
    private final ArmSurface arm;

    MainSurface(Routes open, Portal portal, ArmSurface arm) {
        this.open = open;
        this.portal = portal;
        this.arm = arm;
    }

    @Override
    public Response handle(Request request) {
        if (open.match(request.method(), request.path()) instanceof Routes.Match.Found found) {
            return found.handler().handle(request.with(found.variables()));
        }
        return behind(request).handle(request);
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return behind(request).refuse(request, error);
    }

    private Surface behind(Request request) {
        return Portal.has(request.path()) ? portal : arm;
    }
}

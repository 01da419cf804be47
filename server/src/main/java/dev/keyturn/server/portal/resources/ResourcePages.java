package dev.keyturn.server.portal.resources;

import dev.keyturn.server.http.Routes;

/** All pages of this room. */
public final class ResourcePages {
    private final ResourceDesk desk;

    public ResourcePages(ResourceDesk desk) {
        this.desk = desk;
    }

    public void addTo(Routes routes) {
        new DiskList(desk).addTo(routes);
        new DiskPages(desk).addTo(routes);
        new GroupPages(desk).addTo(routes);
        new ResourceEnds(desk).addTo(routes);
    }
}

package dev.keyturn.core.model;

import java.util.Locale;

/** A region's name; {@code West Europe} and {@code westeurope} are the same one, as in Azure. */
public record Region(String name) {
    public Region {
        name = name.replace(" ", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return name;
    }
}

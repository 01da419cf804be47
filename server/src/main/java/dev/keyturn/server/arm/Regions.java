package dev.keyturn.server.arm;

import dev.keyturn.core.model.Region;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The regions that clients are told of. Any name is taken as a location here; these are {@code local}, those that
 * Azure's clients know by name, and whatever else is in use.
 */
public final class Regions {
    private static final List<String> KNOWN = List.of(
            "Local",
            "East US",
            "East US 2",
            "Central US",
            "North Central US",
            "South Central US",
            "West Central US",
            "West US",
            "West US 2",
            "West US 3",
            "Canada Central",
            "Canada East",
            "Mexico Central",
            "Brazil South",
            "Brazil Southeast",
            "North Europe",
            "West Europe",
            "UK South",
            "UK West",
            "France Central",
            "France South",
            "Germany West Central",
            "Germany North",
            "Switzerland North",
            "Switzerland West",
            "Italy North",
            "Spain Central",
            "Poland Central",
            "Norway East",
            "Norway West",
            "Sweden Central",
            "Israel Central",
            "Qatar Central",
            "UAE North",
            "UAE Central",
            "South Africa North",
            "South Africa West",
            "Central India",
            "South India",
            "West India",
            "East Asia",
            "Southeast Asia",
            "Japan East",
            "Japan West",
            "Korea Central",
            "Korea South",
            "Australia East",
            "Australia Southeast",
            "Australia Central",
            "Australia Central 2",
            "New Zealand North");

    private Regions() {}

    /** Names with what people are shown, in order. */
    public static Map<String, String> with(Collection<String> used) {
        Map<String, String> out = new TreeMap<>();
        KNOWN.forEach(shown -> out.put(new Region(shown).name(), shown));
        used.forEach(name -> out.putIfAbsent(new Region(name).name(), name));
        return out;
    }
}

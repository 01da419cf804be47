package dev.keyturn.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

final class PlanTest {
    @Test
    void tables_comeAfterThoseThatTheyReferTo() throws Exception {
        Map<String, TableShape> tables = tables(table("a", "c"), table("b"), table("c", "b"), table("d", "a", "b"));

        assertThat(Plan.of(tables, "here", tables, "there").tables())
                .extracting(TableShape::name)
                .containsExactly("b", "c", "a", "d");
    }

    @Test
    void aCircle_isToldWithItsTables() {
        Map<String, TableShape> tables = tables(table("a", "b"), table("b", "a"), table("c"));

        refused(tables, tables).hasMessageContaining("a, b").hasMessageContaining("circle");
    }

    @Test
    void aTableThatOneSideDoesNotHave_isToldByName_eachOfThem() {
        refused(tables(table("a"), table("b")), tables(table("b"), table("c")))
                .hasMessageContaining("The table a is in here and not in there.")
                .hasMessageContaining("The table c is in there and not in here.");
    }

    @Test
    void aTableThatBelongsToOneDatabase_isNotMissed() throws Exception {
        for (String own : LeftOut.TABLES.keySet()) {
            assertThat(Plan.of(tables(table("a")), "here", tables(table("a"), table(own)), "there")
                            .tables())
                    .hasSize(1);
        }
    }

    @Test
    void aTableWithOtherColumns_orAnotherKey_isAnother() {
        refused(tables(table("a")), tables(new TableShape("a", columns("id", "more"), List.of("id"), Set.of())))
                .hasMessageContaining("The table a is another one in there");
        refused(tables(table("a")), tables(new TableShape("a", columns("id"), List.of(), Set.of())))
                .hasMessageContaining("The table a is another one in there");
    }

    @Test
    void aTableWithoutAKey_orOfATypeThatIsNotCopied_isRefused() {
        Map<String, TableShape> loose = tables(new TableShape("a", columns("id"), List.of(), Set.of()));
        refused(loose, loose).hasMessageContaining("no primary key");
        Map<String, Optional<ColumnType>> types = columns("id");
        types.put("price", ColumnType.named("numeric"));
        Map<String, TableShape> strange = tables(new TableShape("a", types, List.of("id"), Set.of()));
        refused(strange, strange).hasMessageContaining("price");
    }

    private static AbstractThrowableAssert<?, ?> refused(Map<String, TableShape> here, Map<String, TableShape> there) {
        return assertThatThrownBy(() -> Plan.of(here, "here", there, "there")).isInstanceOf(CopyException.class);
    }

    private static TableShape table(String name, String... references) {
        return new TableShape(name, columns("id"), List.of("id"), Set.of(references));
    }

    private static Map<String, Optional<ColumnType>> columns(String... names) {
        Map<String, Optional<ColumnType>> columns = new TreeMap<>();
        for (String name : names) {
            columns.put(name, Optional.of(ColumnType.NUMBER));
        }
        return columns;
    }

    private static Map<String, TableShape> tables(TableShape... all) {
        Map<String, TableShape> tables = new TreeMap<>();
        for (TableShape table : all) {
            tables.put(table.name(), table);
        }
        return tables;
    }
}

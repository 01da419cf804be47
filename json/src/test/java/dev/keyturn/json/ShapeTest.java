package dev.keyturn.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ShapeTest {
    private static final Shape SET = Shape.resource()
            .text("properties.activeKey.keyUrl", "properties.activeKey.sourceVault.id")
            .bool("properties.auto")
            .integer("properties.days")
            .map("identity.userAssignedIdentities")
            .any("properties.previousKeys")
            .text("properties.disks[].name", "properties.disks[].managedDisk.id")
            .integer("properties.disks[].lun")
            .texts("properties.words")
            .decisive("activeKey")
            .lasting("properties.activeKey", "location")
            .build();
    private static final Shape KEY =
            Shape.data().bool("attributes.enabled").decisive("enabled").build();

    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String canonical(String body) {
        return Json.text(SET.canonical(json(body))).replace('"', '\'');
    }

    private static List<String> problems(Shape shape, String body) {
        try {
            shape.canonical(json(body));
            return List.of();
        } catch (BadBodyException e) {
            return e.problems().stream().map(BadBodyException.Problem::message).toList();
        }
    }

    @Test
    void names_areSpeltAsDeclared_atEveryDepthAndInArrays() {
        assertThat(canonical("{'Properties':{'ACTIVEKEY':{'keyURL':'u','SourceVault':{'ID':'v'}},"
                        + "'disks':[{'LUN':1,'ManagedDisk':{'Id':'d'}}]}}"))
                .isEqualTo("{'properties':{'activeKey':{'keyUrl':'u','sourceVault':{'id':'v'}},"
                        + "'disks':[{'lun':1,'managedDisk':{'id':'d'}}]}}");
    }

    @Test
    void unknownFields_andWhatOnlyTheServerSays_stayAsTheyAre() {
        String body = "{'properties':{'Future':{'Lun':1,'Days':'7'},'previousKeys':[{'keyUrl':'x','Days':1}]},"
                + "'x':[{'Name':null}]}";
        assertThat(canonical(body)).isEqualTo(body);
    }

    @Test
    void namesInMaps_areData() {
        String body = "{'tags':{'Location':'a','activeKey':'b'},"
                + "'identity':{'userAssignedIdentities':{'/Subscriptions/S':{}}}}";
        assertThat(canonical(body)).isEqualTo(body);
    }

    @Test
    void booleansAndWholeNumbers_mayBeText_inArm() {
        assertThat(canonical("{'properties':{'auto':'true','days':'7','disks':[{'lun':'0'}]}}"))
                .isEqualTo("{'properties':{'auto':true,'days':7,'disks':[{'lun':0}]}}");
        assertThat(canonical("{'properties':{'auto':'False','days':'-7'}}"))
                .isEqualTo("{'properties':{'auto':false,'days':-7}}");
    }

    @Test
    void otherText_isLeftForTheReaderToRefuse() {
        String body = "{'properties':{'auto':'yes','days':'7 days'}}";
        assertThat(canonical(body)).isEqualTo(body);
        for (String wrong : List.of("'1.5'", "''", "' 7'", "'1e3'", "'99999999999999999999'", "'0x7'")) {
            Fields fields = Fields.of(json("{'properties':{'days':" + wrong + "}}"), SET);
            fields.integer("properties.days", 0, 90);
            assertThatThrownBy(fields::done).as(wrong).hasMessageContaining("whole number");
        }
    }

    @Test
    void textIsNoBoolean_inTheDataPlane() {
        Fields fields = Fields.of(json("{'attributes':{'enabled':'false'}}"), KEY);
        fields.bool("attributes.enabled");
        assertThatThrownBy(fields::done).hasMessageContaining("true or false");
    }

    @Test
    void twoSpellings_areRefusedNamingBoth() {
        assertThat(problems(SET, "{'properties':{'activeKey':{},'ActiveKey':{}}}"))
                .singleElement()
                .asString()
                .contains("'activeKey'", "'ActiveKey'", "'properties'");
        assertThat(problems(SET, "{'Foo':1,'foo':2}"))
                .singleElement()
                .asString()
                .contains("'Foo'", "'foo'");
        assertThat(problems(SET, "{'tags':{'Owner':'a','owner':'b'}}"))
                .singleElement()
                .asString()
                .contains("'Owner'", "'owner'");
        assertThat(problems(SET, "{'properties':{'disks':[{'lun':1,'Lun':null}]}}"))
                .singleElement()
                .asString()
                .contains("'properties.disks[0]'");
    }

    @Test
    void aKnownNameInTheWrongPlace_isRefusedWithTheRightOne() {
        assertThat(problems(SET, "{'activeKey':{}}"))
                .containsExactly("'activeKey' is in the wrong place: this field is 'properties.activeKey'.");
        assertThat(problems(SET, "{'properties':{'KEYURL':'u'}}"))
                .containsExactly(
                        "'properties.KEYURL' is in the wrong place: this field is 'properties.activeKey.keyUrl'.");
        assertThat(problems(SET, "{'properties':{'location':'x','lun':1}}"))
                .containsExactly(
                        "'properties.location' is in the wrong place: this field is 'location'.",
                        "'properties.lun' is in the wrong place: this field is 'properties.disks[].lun'.");
    }

    @Test
    void aDecisiveName_mayNotStandInsideOfWhatIsUnknown_butOthersMay() {
        assertThat(problems(SET, "{'propertys':{'x':[{'ActiveKey':{}}]}}"))
                .containsExactly(
                        "'propertys.x[0].ActiveKey' is in the wrong place: this field is" + " 'properties.activeKey'.");
        assertThat(problems(SET, "{'future':{'lun':1,'words':[]}}")).isEmpty();
        assertThat(problems(KEY, "{'enabled':false}"))
                .containsExactly("'enabled' is in the wrong place: this field is 'attributes.enabled'.");
        assertThat(problems(KEY, "{'attribute':{'Enabled':false}}")).hasSize(1);
    }

    @Test
    void wordsThatManyObjectsHave_sayNothing() {
        assertThat(problems(SET, "{'properties':{'name':'x','id':'y','properties':{},'type':'t','enabled':true}}"))
                .isEmpty();
    }

    @Test
    void aNullForWhatAlwaysHasAValue_isLeftOutOfAPatch_andNoOther() {
        ObjectNode patch = SET.withoutLastingNulls(
                json("{'location':null,'properties':{'activeKey':null,'future':null},'tags':null}"));
        assertThat(Json.text(patch).replace('"', '\'')).isEqualTo("{'properties':{'future':null},'tags':null}");
        ObjectNode other = json("{'properties':{'activeKey':{'sourceVault':null}}}");
        assertThat(SET.withoutLastingNulls(other)).isEqualTo(other);
    }

    @Test
    void aStoredDocument_losesWhatHadNoEffect_andKeepsTheRest() {
        ObjectNode stored = json("{'activeKey':{'keyUrl':'top'},'Properties':{'ActiveKey':{'keyUrl':'x'},'new':1},"
                + "'properties':{'activeKey':{'keyUrl':'right','KeyURL':'wrong'},'DAYS':7,'future':2}}");
        assertThat(Json.text(SET.restored(stored)).replace('"', '\''))
                .isEqualTo("{'properties':{'activeKey':{'keyUrl':'right'},'future':2}}");
        assertThat(Json.text(SET.restored(json("{'Properties':{'Days':7,'future':{'Lun':2}}}")))
                        .replace('"', '\''))
                .isEqualTo("{'properties':{'future':{'Lun':2}}}");
    }

    @Test
    void whatIsNotDeclared_cannotBeRead() {
        Fields fields = Fields.of(json("{'properties':{}}"), SET);
        assertThatThrownBy(() -> fields.text("properties.other")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fields.bool("properties.days")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fields.text("properties.activekey")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneFieldDeclaredAsTwoThings_isABug() {
        assertThatThrownBy(() -> Shape.arm().text("a.b").bool("a.b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shape.arm().text("a.b").text("A.c")).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.keyturn.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON text and trees, one configuration for all. Thread-safe. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(64)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // As double, 1e400 and the digits of a long fraction would come back as something else.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An object with these fields in their order; each value is text or a long. */
    public static ObjectNode object(SequencedMap<String, Object> fields) {
        ObjectNode out = object();
        fields.forEach((name, value) -> {
            switch (value) {
                case String text -> out.put(name, text);
                case Long number -> out.put(name, number);
                default -> throw new IllegalArgumentException(name + " is neither text nor a long");
            }
        });
        return out;
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /**
     * The object in {@code body}; no body at all is an empty object.
     *
     * @throws BadBodyException where it is not one JSON object; says where, without repeating the text
     */
    public static ObjectNode parseObject(byte[] body) {
        if (body.length == 0) {
            return object();
        }
        requireText(body);
        JsonNode tree;
        try {
            tree = MAPPER.readTree(body);
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new BadBodyException("", "The body is not valid JSON" + where + ".");
        } catch (NumberFormatException e) {
            // The library's, as it is: for a number whose exponent no number here can have.
            throw new BadBodyException("", "The body has a number that is too large or too small.");
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw new BadBodyException("", "The body must be a JSON object.");
    }

    /** The library lets some bytes that are no UTF-8 pass in a name, where it has met nearly the same name before. */
    private static void requireText(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new BadBodyException("", "The body is not UTF-8 text.");
        }
    }

    /** The object in text that this program wrote itself. */
    public static ObjectNode parseObject(String text) {
        return (ObjectNode) MAPPER.readTree(text);
    }

    public static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** Indented, for a person to read. */
    public static String pretty(JsonNode tree) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    }

    public static String text(JsonNode tree) {
        return MAPPER.writeValueAsString(tree);
    }
}

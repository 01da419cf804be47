package dev.keyturn.server.portal.activity;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record, whole.
 *
 * @param fields in the order of docs/audit.md
 * @param others the address of what else belongs to its request
 */
public record RecordPage(ActivityLine line, Map<String, String> fields, String others, String back) {
    public RecordPage {
        fields = new LinkedHashMap<>(fields);
    }
}

package dev.namespaces.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceInfo;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A snapshot as JSON: what is not known is null, and whatever is not ASCII is escaped, so that it survives any locale. */
final class NamespaceJson {

    private static final JSON FORM = JSON
            .builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
            .enable(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES).build();

    private NamespaceJson() {}

    static String of(NamespaceSnapshot snapshot, Set<NamespaceKind> chosen) throws IOException {
        List<Map<String, @Nullable Object>> namespaces = snapshot.namespaces().stream()
                .filter(info -> chosen.contains(info.kind())).map(NamespaceJson::of).toList();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("namespaces", namespaces);
        all.put("unreadable", snapshot.unreadable());
        return FORM.asString(all);
    }

    private static Map<String, @Nullable Object> of(NamespaceInfo info) {
        OptionalLong oldest = info.oldestProcess();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", info.kind().procName());
        fields.put("id", info.id().inode());
        fields.put("device", info.id().device());
        fields.put("owner", info.owner().map(NamespaceId::inode).orElse(null));
        fields.put("parent", info.parent().map(NamespaceId::inode).orElse(null));
        fields.put("processes", info.processes());
        fields.put("oldestProcess", number(oldest));
        fields.put("command", oldest.isPresent() ? ProcessStatus.nameOf(oldest.getAsLong()) : null);
        fields.put("creatorUid", number(info.creatorUid()));
        fields.put("pins", info.pins().stream().map(Path::toString).toList());
        return fields;
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}

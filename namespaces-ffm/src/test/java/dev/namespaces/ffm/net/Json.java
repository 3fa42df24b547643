package dev.namespaces.ffm.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the JSON that ip(8) writes: objects as maps, lists, text, numbers as longs, truth values, null. */
final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** A list of objects. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> objects(String text) {
        Json json = new Json(text.isBlank() ? "[]" : text.strip());
        List<Map<String, Object>> objects = (List<Map<String, Object>>) Objects.requireNonNull(json.value());
        if (json.at != json.text.length()) {
            throw json.wrong();
        }
        return objects;
    }

    /** What an object has under a name, which must be there. */
    static Object at(Object object, String name) {
        return Objects.requireNonNull(((Map<?, ?>) object).get(name), name);
    }

    private @Nullable Object value() {
        skipSpace();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        while (!ends('}')) {
            String name = string();
            expect(':');
            map.put(name, value());
        }
        return map;
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        while (!ends(']')) {
            list.add(value());
        }
        return list;
    }

    /** Whether a structure ends here; otherwise goes to its next element. */
    private boolean ends(char bracket) {
        skipSpace();
        if (text.charAt(at) == ',') {
            at++;
            skipSpace();
        }
        if (text.charAt(at) == bracket) {
            at++;
            return true;
        }
        return false;
    }

    private String string() {
        int end = text.indexOf('"', at + 1);
        String string = text.substring(at + 1, end);
        if (string.contains("\\")) {
            throw wrong();
        }
        at = end + 1;
        return string;
    }

    private @Nullable Object word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            case "" -> throw wrong();
            default -> word.contains(".") ? Double.valueOf(word) : (Object) Long.valueOf(word);
        };
    }

    private void expect(char c) {
        skipSpace();
        if (text.charAt(at++) != c) {
            throw wrong();
        }
    }

    private void skipSpace() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private AssertionError wrong() {
        return new AssertionError("not understood at " + at + ": " + text);
    }
}

package dev.namespaces.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of words, one below the other. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... head) {
        row(head);
    }

    /** Adds a line. Whatever could move the cursor, as others may have chosen it, is shown as a question mark; an empty word as a dash. */
    void row(String... words) {
        rows.add(IntStream.range(0, words.length).mapToObj(i -> printable(words[i])).toList());
    }

    static String printable(String word) {
        return word.isEmpty()
                ? "-"
                : word.codePoints().map(c -> Character.isISOControl(c) ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        return rows.stream().map(row -> IntStream.range(0, columns)
                .mapToObj(column -> row.get(column) + " ".repeat(widths[column] - row.get(column).length()))
                .collect(Collectors.joining(GAP)).stripTrailing() + "\n").collect(Collectors.joining());
    }
}

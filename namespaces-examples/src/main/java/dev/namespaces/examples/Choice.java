package dev.namespaces.examples;

import dev.namespaces.Hardening;
import dev.namespaces.NamespaceKind;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Words that stand for one of a few things. */
final class Choice {

    private Choice() {}

    /** Reads a kind of namespace, by its name in {@code /proc/PID/ns}. */
    static NamespaceKind kind(String word) {
        return of("kind of namespace", word, NamespaceKind.values(), NamespaceKind::procName);
    }

    /** Reads a part of a process's hardening. */
    static Hardening hardening(String word) {
        return of("hardening", word, Hardening.values(), each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private static <T> T of(String what, String word, T[] all, Function<T, String> name) {
        return List.of(all).stream().filter(each -> name.apply(each).equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + what + ": \"" + word + "\"; there are "
                        + List.of(all).stream().map(name).collect(Collectors.joining(", "))));
    }
}

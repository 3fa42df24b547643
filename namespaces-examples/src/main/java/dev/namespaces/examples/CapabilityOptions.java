package dev.namespaces.examples;

import dev.namespaces.Capability;
import dev.namespaces.CapabilityConfig;
import dev.namespaces.NamespaceBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options for the command's capabilities, applied in the order given. */
final class CapabilityOptions {

    private static final String ALL = "ALL";
    private static final String PREFIX = "CAP_";

    private final List<Consumer<CapabilityConfig>> changes = new ArrayList<>();

    @Option(names = "--cap-add", arity = "1", paramLabel = "CAP", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "give the command a capability, whoever it runs as; ALL is every one, and a name may lack its CAP_")
    void add(String[] word) {
        change(word[0], config -> config.addAll(), CapabilityConfig::add);
    }

    @Option(names = "--cap-drop", arity = "1", paramLabel = "CAP", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "take a capability, or ALL, as bwrap does unless told, from the command and all that it executes; both in the order given")
    void drop(String[] word) {
        change(word[0], config -> config.dropAll(), CapabilityConfig::drop);
    }

    /** Changes one capability. */
    private interface Change {
        void apply(CapabilityConfig config, Capability capability);
    }

    private void change(String word, Consumer<CapabilityConfig> all, Change one) {
        if (word.equalsIgnoreCase(ALL)) {
            changes.add(all);
        } else {
            Capability capability = parse(word);
            changes.add(config -> one.apply(config, capability));
        }
    }

    void apply(NamespaceBuilder builder) {
        changes.forEach(builder::capabilities);
    }

    private static Capability parse(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        String name = upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
        return Arrays.stream(Capability.values()).filter(capability -> capability.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no capability: \"" + word + "\"; " + alike(name)));
    }

    /** Those whose names have a word in common with it, otherwise all. */
    private static String alike(String name) {
        List<String> words = Arrays.stream(name.split("_", -1)).filter(word -> word.length() > 2).toList();
        List<Capability> alike = Arrays.stream(Capability.values())
                .filter(capability -> words.stream().anyMatch(capability.name()::contains)).toList();
        return alike.isEmpty() || alike.size() > 5
                ? "there are ALL, " + names(List.of(Capability.values()))
                : "there is " + names(alike);
    }

    private static String names(List<Capability> capabilities) {
        return capabilities.stream().map(Capability::kernelName).collect(Collectors.joining(", "));
    }
}

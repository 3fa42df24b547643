package dev.namespaces;

import dev.namespaces.spi.CapabilitySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The capabilities of a specification in words. */
final class CapabilityWords {

    private CapabilityWords() {}

    static List<String> of(CapabilitySpec spec) {
        List<String> lines = new ArrayList<>();
        if (!CapabilitySpec.isAllBut(spec.bounding())) {
            lines.add("every capability is dropped" + butFor(spec.bounding()));
        } else if (spec.bounding() != CapabilitySpec.DEFAULT.bounding()) {
            lines.add("capabilities that are dropped: " + text(~spec.bounding()));
        }
        if (CapabilitySpec.isAllBut(spec.added())) {
            lines.add("the command has every capability" + butFor(~spec.added()) + ", whoever it runs as");
        } else if (spec.added() != 0) {
            lines.add("capabilities that the command has, whoever it runs as: " + text(spec.added()));
        }
        return lines;
    }

    private static String butFor(long set) {
        String text = text(set);
        return text.isEmpty() ? "" : " but " + text;
    }

    private static String text(long set) {
        return in(set).map(Capability::kernelName).collect(Collectors.joining(", "));
    }

    static Stream<Capability> in(long set) {
        return Arrays.stream(Capability.values()).filter(capability -> (set & CapabilityConfig.set(capability)) != 0);
    }
}

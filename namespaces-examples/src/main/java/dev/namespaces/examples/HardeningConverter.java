package dev.namespaces.examples;

import dev.namespaces.Hardening;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What keeps a process from doing harm, by Java's name for it in small letters. */
final class HardeningConverter implements ITypeConverter<Hardening> {

    @Override
    public Hardening convert(String text) {
        return Stream.of(Hardening.values()).filter(hardening -> name(hardening).equals(text)).findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no hardening '" + text + "', but "
                        + Stream.of(Hardening.values()).map(HardeningConverter::name)
                                .collect(Collectors.joining(", "))));
    }

    private static String name(Hardening hardening) {
        return hardening.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

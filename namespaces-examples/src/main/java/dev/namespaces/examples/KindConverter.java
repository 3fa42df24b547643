package dev.namespaces.examples;

import dev.namespaces.NamespaceKind;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A kind of namespace by the name that {@code /proc} has for it, or by Java's. */
final class KindConverter implements ITypeConverter<NamespaceKind> {

    @Override
    public NamespaceKind convert(String text) {
        return Stream.of(NamespaceKind.values())
                .filter(kind -> kind.procName().equals(text) || kind.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst().orElseThrow(() -> new TypeConversionException("there is no kind '" + text + "', but "
                        + Stream.of(NamespaceKind.values()).map(NamespaceKind::procName)
                                .collect(Collectors.joining(", "))));
    }
}

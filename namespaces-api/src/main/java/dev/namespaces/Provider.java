package dev.namespaces;

import dev.namespaces.spi.NamespaceProvider;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the implementation, once it is needed: in a static initializer a failure would reach callers as an ExceptionInInitializerError. */
final class Provider {

    private static volatile @Nullable NamespaceProvider found;

    private Provider() {}

    static NamespaceProvider get() {
        String why = whyUnsupported();
        NamespaceProvider provider = found;
        if (provider == null || !why.isEmpty()) {
            throw new UnsupportedOperationException(why);
        }
        return provider;
    }

    static String whyUnsupported() {
        NamespaceProvider provider = found;
        if (provider == null) {
            try {
                Optional<NamespaceProvider> first = ServiceLoader
                        .load(NamespaceProvider.class, Provider.class.getClassLoader()).findFirst();
                if (first.isEmpty()) {
                    return "no implementation of namespaces was found: add the dependency dev.namespaces:namespaces-ffm"
                            + " (and --add-modules dev.namespaces.ffm on the module path)";
                }
                provider = first.get();
            } catch (ServiceConfigurationError e) {
                return "the implementation of namespaces cannot be loaded: " + e.getMessage();
            }
            found = provider;
        }
        return provider.whyUnsupported();
    }
}

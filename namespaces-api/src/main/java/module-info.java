/**
 * Linux namespaces for Java: the public API. The implementation is found with {@link java.util.ServiceLoader}; applications depend on
 * {@code dev.namespaces:namespaces-ffm}, which brings this module with it.
 */
@org.jspecify.annotations.NullMarked @SuppressWarnings("module") // the implementation is compiled after this module
module dev.namespaces.api {
    requires static transitive org.jspecify;

    exports dev.namespaces;
    exports dev.namespaces.spi to dev.namespaces.ffm;

    uses dev.namespaces.spi.NamespaceProvider;
}

/** Linux namespaces for Java: the implementation over {@code java.lang.foreign}. Nothing is exported; it is found as a service. */
@org.jspecify.annotations.NullMarked module dev.namespaces.ffm {
    requires transitive dev.namespaces.api;
    requires static org.jspecify;
    requires jdk.jfr;

    provides dev.namespaces.spi.NamespaceProvider with dev.namespaces.ffm.FfmProvider;
}

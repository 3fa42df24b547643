package dev.namespaces.ffm.linux;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;

/** What a child JVM says of its own support: whether there is any, whether a recipe can be built, and what comes of a spawn. */
public final class Probe {

    private Probe() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("supported: " + Namespace.isSupported());
        Namespace namespace = Namespace.builder().user().pid().mount(m -> m.emptyRoot().proc()).build();
        System.out.println("built: " + namespace.kinds());
        try (NamespaceProcess process = Namespace.builder().spawn("true")) {
            System.out.println("exit value: " + process.waitFor());
        } catch (UnsupportedOperationException e) {
            System.out.println("unsupported: " + e.getMessage());
        }
    }
}

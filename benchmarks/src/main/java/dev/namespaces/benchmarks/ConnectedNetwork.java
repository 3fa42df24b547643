package dev.namespaces.benchmarks;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.OpenNamespace;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A network namespace with the loopback interface, one end of a pair, an address for either end and a default route; made by the library, or by {@code ip} commands.
 *
 * @param name of the other end, which is in the network of this JVM, and of the namespace, where {@code ip} makes it; shorter than six characters, to be told by the space
 *            before it
 * @param prefix the first three bytes of the addresses
 */
record ConnectedNetwork(String name, String prefix) {

    static final String INSIDE = "eth0";

    static final String IP = "/usr/sbin/ip";
    private static final long LOOK_AGAIN_NANOS = 200_000;

    /** Of the end inside. */
    String address() {
        return prefix + ".1";
    }

    private String outerAddress() {
        return prefix + ".254";
    }

    /** As the library makes it. */
    Namespace namespace() {
        return Namespace.builder().net(n -> n.veth(INSIDE, name).address(INSIDE, address() + "/24")
                .hostAddress(name, outerAddress() + "/24").gateway(outerAddress())).build();
    }

    void makeByIp() throws IOException, InterruptedException {
        for (String arguments : List.of("netns add " + name,
                "link add " + name + " type veth peer name " + INSIDE + " netns " + name,
                "address add " + outerAddress() + "/24 dev " + name, //
                "link set " + name + " up", //
                "-n " + name + " link set lo up",
                "-n " + name + " address add " + address() + "/24 dev " + INSIDE,
                "-n " + name + " link set " + INSIDE + " up",
                "-n " + name + " route add default via " + outerAddress())) {
            ip(arguments);
        }
    }

    /** Enters what {@code ip} has made. */
    OpenNamespace openByIp() throws IOException, InterruptedException {
        makeByIp();
        try (NamespaceHandle made = NamespaceHandle.of(Path.of("/run/netns", name))) {
            return Namespace.builder().join(made).open();
        }
    }

    void deleteByIp() throws IOException, InterruptedException {
        ip("netns delete " + name);
    }

    private static void ip(String arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder((IP + " " + arguments).split(" ", -1)).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT).start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("ip " + arguments + " ended with exit value " + process.exitValue());
        }
    }

    /** Waits until the kernel has taken it apart, which it does some time after its end; for the next one its time would be lost. */
    void awaitEnd() throws IOException {
        while (Files.readString(Path.of("/proc/net/dev")).contains(" " + name + ":")) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}

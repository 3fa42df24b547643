package dev.namespaces.ffm.net;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What to change so that the kernel does not refuse it. */
final class NetRemedies {

    private static final String OUTSIDE = "an interface that has to do with the network of this process takes CAP_NET_ADMIN there: be root, or start this"
            + " JVM in a network namespace of its own";
    private static final String OVER = "a pair of interfaces takes CAP_NET_ADMIN over the networks of both ends: an ordinary user has it if one user namespace"
            + " owns both, so join that of the other instead of .user()";
    private static final String OVER_FROM_OUTSIDE = OVER
            + "; root has it, but needs it over the network of this process as well";
    /** Of an interface. */
    private static final String UNKNOWN_KIND = "Unknown device type";

    private NetRemedies() {}

    /** Of a step without a remedy. */
    static NamespaceException exception(Step step, String detail, int errno) {
        return new NamespaceException(step, detail, errno, Errno.name(errno), Errno.text(errno), null);
    }

    /** Of the entry into a network that an interface is moved to and will have to be moved back from. */
    static NamespaceException ofEntry(int errno) {
        return new NamespaceException(Step.NETLINK, "in the new network", errno, Errno.name(errno), Errno.text(errno),
                errno == Errno.EPERM
                        ? "to move an interface, and have it back, takes CAP_NET_ADMIN and CAP_SYS_ADMIN in the network of this process"
                        : null);
    }

    /** Of an interface that is not there, outside. */
    static NamespaceException ofMissing(Step step, String detail, String name) {
        return new NamespaceException(step, detail, Errno.ENODEV, Errno.name(Errno.ENODEV), Errno.text(Errno.ENODEV),
                "the network of this process has no interface " + name
                        + ", or it has been moved to another network");
    }

    /**
     * Of a request.
     *
     * @param words the kernel's own, or empty
     */
    static @Nullable String of(int errno, String words, Request request) {
        return switch (errno) {
            case Errno.EPERM -> ofPermission(request);
            case Errno.EINVAL -> request.isFromOutside() && request.step() == Step.CHANGE_LINK
                    ? "an interface of this kind stays in the network that it was made in"
                    : null;
            case Errno.EOPNOTSUPP -> words.isEmpty() || words.equals(UNKNOWN_KIND) ? ofModule(request) : null;
            case Errno.ENOENT -> switch (request.step()) {
                case QUEUE_PACKETS, RESTRICT_OUTBOUND -> ofModule(request);
                default -> null;
            };
            case Errno.EEXIST -> switch (request.step()) {
                case ADD_LINK, CHANGE_LINK -> "choose another name, or delete the one that has it";
                case ADD_ADDRESS -> "the interface has it already";
                case ADD_ROUTE -> "there is one to this destination already, with the same metric";
                default -> null;
            };
            case Errno.ENETUNREACH -> request.step() == Step.ADD_ROUTE
                    ? "first give an interface that is up an address in the gateway's network, or say that it is on the link"
                    : null;
            default -> null;
        };
    }

    private static String ofPermission(Request request) {
        if (request.reachesOver()) {
            return request.isFromOutside() ? OVER_FROM_OUTSIDE : OVER;
        }
        if (request.isFromOutside()) {
            return OUTSIDE;
        }
        return hasNetAdmin()
                ? "CAP_NET_ADMIN is needed in the user namespace that owns the network namespace, and this process has it only "
                        + "in its own"
                : "changing a network takes CAP_NET_ADMIN, which this process lacks: add .user()";
    }

    private static boolean hasNetAdmin() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(Struct.Capability.HEADER_SIZE, Integer.BYTES);
            header.set(ValueLayout.JAVA_INT, 0, Linux.LINUX_CAPABILITY_VERSION_3);
            MemorySegment data = arena.allocate(2L * Struct.Capability.DATA_SIZE, Integer.BYTES);
            return Syscalls.capget(header.address(), data.address()) == 0
                    && (data.get(ValueLayout.JAVA_INT, 0) & (1 << Linux.CAP_NET_ADMIN)) != 0;
        }
    }

    private static @Nullable String ofModule(Request request) {
        String module = request.module();
        return module == null
                ? null
                : ofModule(module, Path.of("/lib/modules", System.getProperty("os.version", ""), "modules.dep"));
    }

    /** Looks into the list of modules that depmod(8) makes. */
    static String ofModule(String module, Path list) {
        try {
            if (Files.readString(list).contains("/" + module + ".ko")) {
                return "the kernel's module " + module + " is not loaded: as the host's root, run modprobe " + module;
            }
        } catch (IOException _) {
            // nothing is installed for this kernel
        }
        return "this kernel lacks the module " + module + ": it takes one with "
                + "CONFIG_" + module.replace("sch_", "net_sch_").toUpperCase(Locale.ROOT);
    }
}

package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Command;
import dev.namespaces.Link;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network namespace of a test's own, in a user namespace. A process in it opens a netlink socket, of which this JVM takes a copy: whoever owns the
 * user namespace may use it from outside.
 */
final class NetBox implements AutoCloseable {

    private static final String HOLDER = "socket($_, 16, 3, 0) or die for S, T; socket(U, 16, 3, 12); $| = 1; print fileno(S), q( ), fileno(T), q( ), fileno(U) // -1, qq(\\n); <STDIN>";

    private final NamespaceProcess holder;
    private final int[] descriptors;
    private final NetlinkSocket socket;
    private final List<NetBox> more = new ArrayList<>();

    private NetBox(NamespaceProcess holder) throws IOException {
        this.holder = holder;
        try {
            descriptors = Stream.of(holder.inputReader().readLine().split(" ")).mapToInt(Integer::parseInt).toArray();
            socket = NetlinkSocket.of(copy(descriptors[0]));
        } catch (IOException | RuntimeException e) {
            holder.close();
            throw e;
        }
    }

    /** A network with a loopback interface that is up. */
    static NetBox open() throws IOException {
        return new NetBox(Namespace.builder().user().net().spawn("perl", "-e", HOLDER));
    }

    /** One more network in the same user namespace, whose loopback interface is down; closed with this one. */
    NetBox another() throws IOException {
        NetBox another = new NetBox(Namespace.builder().spawn(Command.of(
                inside(List.of("--user"), "unshare", "--net", "perl", "-e", HOLDER))));
        more.add(another);
        return another;
    }

    NetlinkSocket socket() {
        return socket;
    }

    /** Another one, for the caller to close. */
    NetlinkSocket secondSocket() throws NamespaceException {
        return NetlinkSocket.of(secondDescriptor());
    }

    /** One of nfnetlink, for the caller to close. */
    NetlinkSocket filterSocket() throws NamespaceException {
        assumeThat(descriptors[2]).as("a kernel with nfnetlink").isNotEqualTo(-1);
        return NetlinkSocket.of(copy(descriptors[2]));
    }

    int secondDescriptor() {
        return copy(descriptors[1]);
    }

    /** The namespace as a place for interfaces to be put to. */
    Place place() {
        return Place.ofProcess(pid());
    }

    long pid() {
        return holder.pid();
    }

    /** A new descriptor of the namespace. */
    int descriptor() {
        try (Arena arena = Arena.ofConfined()) {
            return Syscalls.open(CStrings.allocate(arena, "/proc/" + pid() + "/ns/net"), Linux.O_CLOEXEC, 0);
        }
    }

    void make(Request... requests) throws NamespaceException {
        socket.make(requests);
    }

    Link link(String name) throws NamespaceException {
        return Links.list(socket).stream().filter(link -> link.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name));
    }

    LinkRef ref(String name) throws NamespaceException {
        return new LinkRef(link(name).index(), name);
    }

    /** Runs a program in the namespace, which must succeed, and returns what it printed. */
    String says(String... command) throws IOException, InterruptedException {
        return Namespace.builder().run(Command.of(inside(List.of("--user", "--net"), command))).orThrow().stdout();
    }

    /** What ip(8) says in JSON. */
    List<Map<String, Object>> ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-N", "-details", "-json"));
        command.addAll(List.of(arguments));
        return Json.objects(says(command.toArray(String[]::new)));
    }

    private List<String> inside(List<String> kinds, String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--preserve-credentials", "-t", Long.toString(pid())));
        all.addAll(kinds);
        all.add("--");
        all.addAll(List.of(command));
        return all;
    }

    private int copy(int descriptor) {
        int pidfd = Syscalls.pidfdOpen(holder.pid());
        try {
            int copy = Syscalls.pidfdGetfd(pidfd, descriptor);
            if (copy < 0) {
                throw new AssertionError("no copy of the socket: error number " + -copy);
            }
            return copy;
        } finally {
            Syscalls.close(pidfd);
        }
    }

    @Override
    public void close() {
        more.forEach(NetBox::close);
        socket.close();
        holder.close();
    }
}

package dev.namespaces;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.spi.Content;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamesSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.OutboundSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of a mount namespace that belong to a network; hosts(5), resolv.conf(5). */
final class NetFiles {

    private static final String HOSTS = "/etc/hosts";
    private static final String RESOLVER = "/etc/resolv.conf";
    private static final String LOOPBACK = "127.0.0.1 localhost\n::1 localhost\n";
    private static final int READABLE = 0444;
    private static final Set<String> ABOVE = Set.of("/", "/etc");

    private NetFiles() {}

    /** Mounts them, unless the network is nobody's, or the files are said to be others. */
    static MountSpec add(Set<NamespaceKind> kinds, MountSpec mount, NetSpec net) {
        if (!kinds.contains(NamespaceKind.NET)) {
            return mount;
        }
        if (!kinds.contains(NamespaceKind.MOUNT)) {
            if (!net.names().equals(NamesSpec.DEFAULT)) {
                throw new IllegalArgumentException("host names, name servers and search domains are said by " + HOSTS
                        + " and " + RESOLVER + ", which takes a mount namespace: add .mount()");
            }
            return mount;
        }
        List<MountStep> steps = new ArrayList<>(mount.steps());
        List<MountStep> more = new ArrayList<>(of(net));
        for (MountStep file : of(net)) {
            if (steps.stream().anyMatch(step -> step.target().equals(file.target()))) {
                if (isAskedFor(file, net.names())) {
                    throw new IllegalArgumentException(file.target()
                            + " is said by the network's names, and by a file of your own: leave one of them out");
                }
                more.remove(file);
            }
        }
        steps.addAll(whileWritable(steps), more);
        return new MountSpec(mount.root(), steps, mount.propagation());
    }

    /** The mounts without what {@link #add} has added. */
    static MountSpec remove(MountSpec mount, NetSpec net) {
        List<MountStep> steps = new ArrayList<>(mount.steps());
        steps.removeAll(of(net));
        return new MountSpec(mount.root(), steps, mount.propagation());
    }

    private static boolean isAskedFor(MountStep file, NamesSpec names) {
        return file.target().equals(HOSTS) || !names.servers().isEmpty() || !names.search().isEmpty();
    }

    /** Mount points may have to be made: that comes before the root is read-only. */
    private static int whileWritable(List<MountStep> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof MountStep.RemountReadOnly(String target) && ABOVE.contains(target)) {
                return i;
            }
        }
        return steps.size();
    }

    private static List<MountStep> of(NetSpec net) {
        List<MountStep> files = new ArrayList<>();
        NamesSpec names = net.names();
        if (!names.hosts().isEmpty()) {
            StringBuilder text = new StringBuilder(LOOPBACK);
            names.hosts().forEach(
                    host -> text.append(IpText.of(host.address())).append(' ').append(host.name()).append('\n'));
            files.add(file(HOSTS, text));
        }
        StringBuilder text = new StringBuilder();
        names.servers().forEach(server -> text.append("nameserver ").append(IpText.of(server)).append('\n'));
        if (names.servers().isEmpty() && net.outbound() != null) {
            text.append("nameserver ").append(OutboundSpec.NAME_SERVER).append('\n');
        }
        if (!names.search().isEmpty()) {
            text.append("search ").append(String.join(" ", names.search())).append('\n');
        }
        if (!text.isEmpty()) {
            files.add(file(RESOLVER, text));
        }
        return files;
    }

    private static MountStep file(String target, CharSequence text) {
        return new MountStep.DataBind(target, new Content(text.toString().getBytes(US_ASCII)), READABLE, true);
    }
}

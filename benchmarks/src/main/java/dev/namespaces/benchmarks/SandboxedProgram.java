package dev.namespaces.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.namespaces.Command;
import dev.namespaces.MountConfig;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.PidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program in a sandbox with a root file system of its own: user, pid, mount, ipc, uts and cgroup namespaces, an empty root, twelve mounts, {@code /proc} and
 * {@code /dev}. It is described for the library, for {@code bwrap}, for the program in C, which takes the same words as {@code bwrap} does, and for
 * those who run OCI bundles.
 *
 * @param program the program's path inside
 * @param network whether there is a new network namespace too, whose loopback interface is up
 * @param mounts what is mounted, in this order
 */
record SandboxedProgram(String program, boolean network, List<Mount> mounts) {

    private static final String HOST_NAME = "box";
    private static final int MODE = 0755;

    /** What is mounted where; the source is empty where there is none. */
    private record Mount(Option option, String source, String target) {

        List<String> words() {
            return source.isEmpty() ? List.of(option.word, target) : List.of(option.word, source, target);
        }

        Map<String, Object> oci() {
            return Map.of("destination", target, "type", option.type, "source", source.isEmpty() ? option.type : source,
                    "options", option.options);
        }
    }

    private enum Option {
        RO_BIND("--ro-bind", "bind", "rbind", "ro", "nosuid", "nodev"), //
        BIND("--bind", "bind", "rbind", "nosuid", "nodev"), //
        TMPFS("--tmpfs", "tmpfs", "nosuid", "nodev", "mode=0755"), //
        PROC("--proc", "proc", "nosuid", "nodev", "noexec"), //
        DEV("--dev", "tmpfs", "nosuid", "mode=0755");

        private final String word;
        private final String type;
        @SuppressWarnings("ImmutableEnumChecker") // it is a List.of
        private final List<String> options;

        Option(String word, String type, String... options) {
            this.word = word;
            this.type = type;
            this.options = List.of(options);
        }
    }

    /**
     * Describes the sandbox.
     *
     * @param program the program's path inside
     * @param network whether there is a new network namespace
     * @param programs a directory of programs, which becomes {@code /opt}
     * @param work a directory that the program may write to
     */
    static SandboxedProgram of(String program, boolean network, Path programs, Path work) {
        return new SandboxedProgram(program, network, List.of(
                new Mount(Option.RO_BIND, "/usr", "/usr"),
                new Mount(Option.RO_BIND, "/usr/bin", "/bin"),
                new Mount(Option.RO_BIND, "/usr/sbin", "/sbin"),
                new Mount(Option.RO_BIND, "/usr/lib", "/lib"),
                new Mount(Option.RO_BIND, Files.exists(Path.of("/lib64")) ? "/lib64" : "/usr/lib", "/lib64"),
                new Mount(Option.RO_BIND, "/etc", "/etc"),
                new Mount(Option.RO_BIND, programs.toString(), "/opt"),
                new Mount(Option.BIND, work.toString(), "/work"),
                new Mount(Option.TMPFS, "", "/tmp"),
                new Mount(Option.TMPFS, "", "/run"),
                new Mount(Option.TMPFS, "", "/home"),
                new Mount(Option.TMPFS, "", "/var"),
                new Mount(Option.PROC, "", "/proc"),
                new Mount(Option.DEV, "", "/dev")));
    }

    /** Ours, with the program as PID 1. */
    Spawn asPid1() {
        return Spawn.namespace(builder().pid(PidConfig::asPid1).build(), discarding());
    }

    /** Ours, with the program under an init. */
    Spawn underInit() {
        return Spawn.namespace(builder().pid().build(), discarding());
    }

    NamespaceBuilder builder() {
        NamespaceBuilder builder = Namespace.builder().user().ipc().cgroup().uts(uts -> uts.hostname(HOST_NAME))
                .mount(this::mount).noNewPrivileges();
        return network ? builder.net() : builder;
    }

    void mount(MountConfig config) {
        config.emptyRoot();
        for (Mount mount : mounts) {
            switch (mount.option) {
                case RO_BIND -> config.readOnlyBind(Path.of(mount.source), mount.target);
                case BIND -> config.bind(Path.of(mount.source), mount.target);
                case TMPFS -> config.tmpfs(mount.target, MODE);
                case PROC -> config.proc(mount.target);
                case DEV -> config.dev(mount.target);
            }
        }
    }

    Command discarding() {
        return Streams.DISCARDED.connect(Command.of(program));
    }

    /** For {@code bwrap}, which makes the same sandbox, but pivots twice and sets the flags of mounts one by one. */
    List<String> bwrap(String... more) {
        List<String> words = new ArrayList<>(List.of("bwrap", "--unshare-user", "--uid", "0", "--gid", "0",
                "--unshare-pid"));
        words.addAll(List.of(more));
        words.addAll(arguments());
        return words;
    }

    /** For the program in C, where the program is PID 1. */
    List<String> floor() {
        List<String> words = new ArrayList<>(List.of("--no-new-privs", "--unshare-user", "--unshare-pid"));
        words.addAll(arguments());
        return words;
    }

    private List<String> arguments() {
        List<String> words = new ArrayList<>(List.of("--unshare-ipc", "--unshare-cgroup", "--unshare-uts", "--hostname",
                HOST_NAME));
        if (network) {
            words.add("--unshare-net");
        }
        mounts.forEach(mount -> words.addAll(mount.words()));
        words.addAll(List.of("--", program));
        return words;
    }

    /** The {@code config.json} of an OCI bundle. Its {@code /dev} has fewer devices; the rest is the same. */
    String ociConfig() throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        mounts.forEach(mount -> all.add(mount.oci()));
        all.add(Map.of("destination", "/dev/pts", "type", "devpts", "source", "devpts", "options",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")));
        List<Map<String, Object>> own = List.of(Map.of("containerID", 0, "hostID", 0, "size", 1));
        List<Map<String, Object>> namespaces = Stream.of("user", "pid", "mount", "ipc", "uts", "cgroup", "network")
                .filter(kind -> network || !kind.equals("network")).map(kind -> Map.<String, Object>of("type", kind))
                .toList();
        return JSON.std.asString(Map.of("ociVersion", "1.0.2", "hostname", HOST_NAME, "mounts", all, //
                "root", Map.of("path", "rootfs"), //
                "process", Map.of("terminal", false, "user", Map.of("uid", 0, "gid", 0), "args", List.of(program),
                        "cwd", "/", "noNewPrivileges", true), //
                "linux", Map.of("namespaces", namespaces, "uidMappings", own, "gidMappings", own)));
    }
}

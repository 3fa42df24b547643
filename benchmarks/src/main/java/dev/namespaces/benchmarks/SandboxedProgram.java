package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.MountConfig;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.PidConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a sandbox with a root file system of its own: an empty root, twelve mounts, {@code /proc} and {@code /dev}. Once for the library, once
 * for {@code bwrap}, and once for the program written in C, which takes the same words as {@code bwrap} does.
 *
 * @param program the program's path inside
 * @param allKinds whether there are new namespaces of all kinds but time, which {@code bwrap} does not know, or of those alone that a root takes:
 *            user, pid and mount
 * @param mounts what is mounted, in this order
 */
record SandboxedProgram(String program, boolean allKinds, List<Mount> mounts) {

    private static final String HOST_NAME = "box";
    private static final int MODE = 0755;

    /** What is mounted where; the source is empty where there is none. */
    private record Mount(Option option, String source, String target) {

        List<String> words() {
            return source.isEmpty() ? List.of(option.word, target) : List.of(option.word, source, target);
        }
    }

    private enum Option {
        RO_BIND("--ro-bind"), BIND("--bind"), TMPFS("--tmpfs"), PROC("--proc"), DEV("--dev");

        private final String word;

        Option(String word) {
            this.word = word;
        }
    }

    /**
     * Describes the sandbox.
     *
     * @param program the program's path inside
     * @param allKinds whether there are namespaces of all kinds
     * @param programs a directory of programs, which becomes {@code /opt}
     * @param work a directory that the program may write to
     */
    static SandboxedProgram of(String program, boolean allKinds, Path programs, Path work) {
        return new SandboxedProgram(program, allKinds, List.of(
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

    private NamespaceBuilder builder() {
        NamespaceBuilder builder = Namespace.builder().user().mount(this::mount).noNewPrivileges();
        return allKinds ? builder.net().ipc().cgroup().uts(uts -> uts.hostname(HOST_NAME)) : builder;
    }

    private void mount(MountConfig config) {
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

    private Command discarding() {
        return Streams.DISCARDED.connect(Command.of(program));
    }

    /** {@code bwrap} from {@link ProcessBuilder}, with the program as PID 1. */
    Spawn bwrapAsPid1() {
        return bwrap("--as-pid-1");
    }

    /** {@code bwrap} from {@link ProcessBuilder}, with the program under its init. */
    Spawn bwrapUnderInit() {
        return bwrap();
    }

    private Spawn bwrap(String... more) {
        List<String> words = new ArrayList<>(List.of("bwrap", "--unshare-user", "--uid", "0", "--gid", "0",
                "--unshare-pid"));
        words.addAll(List.of(more));
        words.addAll(arguments());
        return Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(words)));
    }

    /** The other namespaces, the mounts and the program, as {@code bwrap} and the program in C take them. */
    List<String> arguments() {
        List<String> words = new ArrayList<>();
        if (allKinds) {
            words.addAll(List.of("--unshare-net", "--unshare-ipc", "--unshare-cgroup", "--unshare-uts", "--hostname",
                    HOST_NAME));
        }
        mounts.forEach(mount -> words.addAll(mount.words()));
        words.addAll(List.of("--", program));
        return words;
    }
}

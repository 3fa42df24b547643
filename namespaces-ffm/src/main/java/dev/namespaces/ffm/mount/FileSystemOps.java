package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.MountStep;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Adds new file systems. Each is mounted on the working directory, which has become the mount point: no path can lead elsewhere by then. */
final class FileSystemOps {

    private static final int DIRECTORY_MODE = 0755;
    private static final int STICKY_MODE = 01777;
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");
    private static final Map<String, String> LINKS = Map.of("fd", "/proc/self/fd", "stdin", "/proc/self/fd/0", "stdout",
            "/proc/self/fd/1", "stderr", "/proc/self/fd/2", "core", "/proc/kcore", "ptmx", "pts/ptmx");
    private static final Set<MountFlag> TERMINALS = EnumSet.of(MountFlag.NOSUID, MountFlag.NOEXEC);
    private static final String TERMINAL_OPTIONS = "newinstance,ptmxmode=0666,mode=620";

    private final Kit kit;
    private final ProgramBuilder b;
    private final Sources sources;
    private final boolean inUserNamespace;

    FileSystemOps(Kit kit, Sources sources, boolean inUserNamespace) {
        this.kit = kit;
        this.b = kit.b();
        this.sources = sources;
        this.inUserNamespace = inUserNamespace;
    }

    void add(MountStep.Tmpfs tmpfs) {
        String size = tmpfs.size().isPresent() ? "size=" + tmpfs.size().getAsLong() + "," : "";
        mount("tmpfs", tmpfs.target(), Flags.operand(tmpfs.flags()), size + "mode=" + octal(tmpfs.mode()));
    }

    void add(MountStep.Special special) {
        String type = special.type().name().toLowerCase(Locale.ROOT);
        mount(type, special.target(), Flags.operand(flags(special.type())),
                special.type() == MountStep.Type.DEVPTS ? TERMINAL_OPTIONS : "");
    }

    static Set<MountFlag> flags(MountStep.Type type) {
        return type == MountStep.Type.DEVPTS ? TERMINALS : MountOps.harmless();
    }

    private void mount(String type, String target, Operand flags, String options) {
        String detail = type + " on " + target;
        kit.targets().directory(target, kit.target(), DIRECTORY_MODE);
        kit.enter(kit.target(), detail);
        kit.mount(type, b.string("."), type, flags, options).step(Step.MOUNT, detail);
    }

    /** What is in it is put there by name: nobody else has this file system yet. The devices are the host's, as nobody but root may make any. */
    void add(MountStep.Dev dev) {
        mount("tmpfs", dev.target(), Flags.operand(Set.of(MountFlag.NOSUID)), "mode=" + octal(DIRECTORY_MODE));
        Slot slot = kit.slots().reserve(dev.target());
        kit.targets().directory(dev.target(), slot, DIRECTORY_MODE);
        kit.enter(slot, dev.target());
        for (String device : DEVICES) {
            if (kit.remounts() != null) {
                kit.remounts().allow("/dev/" + device);
            }
            device(device, sources.device(device), "/dev/" + device, dev.target());
        }
        Operand console = sources.console();
        if (console != null) {
            device("console", console, "the terminal", dev.target());
        }
        LINKS.keySet().stream().sorted().forEach(name -> b
                .call(Sys.SYMLINKAT, b.string(LINKS.getOrDefault(name, "")), Kit.CWD, b.string(name))
                .step(Step.MAKE_FILE, dev.target() + "/" + name));
        makeDirectory(Kit.CWD, "shm", STICKY_MODE, dev.target());
        makeDirectory(Kit.CWD, "pts", DIRECTORY_MODE, dev.target());
        kit.mount("devpts", b.string("pts"), "devpts", Flags.operand(TERMINALS), TERMINAL_OPTIONS).step(Step.MOUNT,
                "devpts on " + dev.target() + "/pts");
    }

    private void device(String name, Operand source, String what, String target) {
        b.call(Sys.MKNODAT, Kit.CWD, b.string(name), Operand.of(Linux.S_IFREG | 0444, "S_IFREG|0444"))
                .step(Step.MAKE_FILE, target + "/" + name);
        b.call(Sys.MOUNT, source, b.string(name), Kit.NONE, Operand.of(Linux.MS_BIND, "MS_BIND"))
                .step(Step.MOUNT, what + " on " + target + "/" + name);
    }

    void add(MountStep.Overlay overlay) {
        String detail = "overlay on " + overlay.target();
        kit.targets().directory(overlay.target(), kit.target(), DIRECTORY_MODE);
        String options = "lowerdir="
                + overlay.lower().stream().map(layer -> sources.of(layer).path()).collect(Collectors.joining(":"));
        options += switch (overlay.upper()) {
            case null -> "";
            case MountStep.Upper.Directory upper ->
                upper(sources.of(upper.directory()).path(), sources.of(upper.work()).path());
            case MountStep.Upper.Memory _ -> memory(overlay.target());
        };
        kit.enter(kit.target(), detail);
        kit.mount("overlay", b.string("."), "overlay",
                Flags.operand(EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV)), options).step(Step.MOUNT, detail);
    }

    /** The attributes that overlayfs keeps for itself are the user's where it is not the host's root who mounts it. */
    private String upper(String directory, String work) {
        return ",upperdir=" + directory + ",workdir=" + work + (inUserNamespace ? ",userxattr" : "");
    }

    /** A file system in memory at the same place, which the overlay then covers. */
    private String memory(String target) {
        String detail = "tmpfs below the overlay on " + target;
        kit.enter(kit.target(), detail);
        kit.mount("tmpfs", b.string("."), "tmpfs", Flags.operand(EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV)),
                "mode=0700").step(Step.MOUNT, detail);
        Slot memory = kit.slots().reserve("memory of " + target);
        kit.targets().directory(target, memory, DIRECTORY_MODE);
        makeDirectory(memory.operand(), "upper", DIRECTORY_MODE, target);
        makeDirectory(memory.operand(), "work", DIRECTORY_MODE, target);
        return upper(memory.path() + "/upper", memory.path() + "/work");
    }

    private void makeDirectory(Operand parent, String name, int mode, String about) {
        b.call(Sys.MKDIRAT, parent, b.string(name), Operand.of(mode, octal(mode))).step(Step.MAKE_FILE,
                about + "/" + name);
    }

    static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }
}

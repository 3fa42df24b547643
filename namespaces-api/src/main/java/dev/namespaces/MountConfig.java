package dev.namespaces;

import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a new mount namespace contains: its root directory, and what is mounted and made there, in the order written; see mount_namespaces(7).
 *
 * {@snippet class="snippets.Uploads" region="box"}
 *
 * <h2>The root</h2>
 *
 * <p>
 * {@link #emptyRoot()}, {@link #root(Path, MountFlag...)} or {@link #hostRoot()}, which is the default. Only with the host's root, a new
 * {@linkplain NamespaceBuilder#pid() pid namespace} mounts {@code /proc} anew by itself. With another root the command starts in {@code "/"},
 * unless {@link Command#directory(String)} says otherwise.
 *
 * <h2>Paths</h2>
 *
 * <p>
 * What is a {@link Path} is the host's: made absolute at once, and looked up at each spawn, links followed. What is a {@code String} is inside:
 * absolute, without {@code ".."}, and looked up in the new root, which no symbolic link leads out of.
 *
 * <p>
 * Missing mount points, and the directories above them, are made. With {@link #root(Path, MountFlag...)} they stay in that directory
 * after a success, and are removed when the spawn fails. With {@link #hostRoot()} a missing mount point is an error, as it would be made on the
 * host. A file, directory, link or mode that is asked for changes the host as well wherever the host's files are, and can be written to.
 *
 * <h2>Binds</h2>
 *
 * <p>
 * A bind shows a file or directory of the host, and all that is mounted below it. {@code nosuid} and {@code nodev} are added to each of those mounts,
 * {@code nosuid} alone by {@link #deviceBind(Path, String, MountFlag...) deviceBind}; a read-only bind is read-only in all of them. A
 * source that is missing at the spawn is a {@link NamespaceException} that names it; those that end in {@code IfExists} are then passed over.
 *
 * <h2>Privilege</h2>
 *
 * <p>
 * With {@link NamespaceBuilder#user()} none, but for {@link #idmappedBind}; without, CAP_SYS_ADMIN. What is written in memory counts as memory.
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#mount(java.util.function.Consumer)} only.
 */
public final class MountConfig {

    private static final int TEMPORARY = 01777;
    private static final int DIRECTORY = 0755;
    private static final int READABLE = 0444;
    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
            "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap");
    private static final List<String> UNWRITABLE = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");

    private final Set<MountRoot> roots;
    private final List<MountStep> steps;
    private Propagation propagation;

    /** Goes on from what there is; the roots are those that have been asked for so far. */
    MountConfig(MountSpec spec, Set<MountRoot> roots) {
        this.roots = new LinkedHashSet<>(roots);
        steps = new ArrayList<>(spec.steps());
        propagation = spec.propagation();
    }

    /**
     * Makes a directory of the host, and all that is mounted below it, the root; see pivot_root(2). {@code nodev} is added.
     *
     * @param directory the directory, looked up at each spawn
     * @param more what else its mounts forbid
     * @return this
     * @throws IllegalArgumentException if the path is empty or not one of the host's file system
     */
    public MountConfig root(Path directory, MountFlag... more) {
        return root(new MountRoot.Directory(MountArguments.host("root directory", directory),
                MountArguments.flags(more, MountFlag.NODEV)));
    }

    /**
     * Makes a directory of the host the root, as {@link #root(Path, MountFlag...)} does, and leaves its device files usable.
     *
     * @param directory the directory, looked up at each spawn
     * @param more what its mounts forbid
     * @return this
     * @throws IllegalArgumentException if the path is empty or not one of the host's file system
     */
    public MountConfig deviceRoot(Path directory, MountFlag... more) {
        return root(new MountRoot.Directory(MountArguments.host("root directory", directory),
                MountArguments.flags(more)));
    }

    /**
     * Makes an empty file system in memory the root, see tmpfs(5): nothing of the host is in sight but what is bound.
     *
     * @return this
     */
    public MountConfig emptyRoot() {
        return root(new MountRoot.Empty());
    }

    /**
     * Leaves the root as it is on the host; the default.
     *
     * @return this
     */
    public MountConfig hostRoot() {
        return root(new MountRoot.Host());
    }

    private MountConfig root(MountRoot root) {
        roots.add(root);
        return this;
    }

    /**
     * Shows a file or directory of the host; see mount(2), MS_BIND. Adds {@code nosuid} and {@code nodev}.
     *
     * @param host what is shown, with all that is mounted below it
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be
     */
    public MountConfig bind(Path host, String inside, MountFlag... more) {
        return bind(Missing.REFUSED, host, inside, more, MountFlag.NOSUID, MountFlag.NODEV);
    }

    /**
     * Shows a file or directory of the host under the path that it has there, as {@link #bind(Path, String, MountFlag...)} does.
     *
     * @param sameOnBothSides an absolute path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig bind(String sameOnBothSides) {
        return bind(same(sameOnBothSides), sameOnBothSides);
    }

    /**
     * Shows a file or directory of the host, as {@link #bind(Path, String, MountFlag...)} does, unless it is missing.
     *
     * @param host what is shown
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be
     */
    public MountConfig bindIfExists(Path host, String inside, MountFlag... more) {
        return bind(Missing.PASSED_OVER, host, inside, more, MountFlag.NOSUID, MountFlag.NODEV);
    }

    /**
     * Shows a file or directory of the host under the path that it has there, as {@link #bind(Path, String, MountFlag...)} does, unless it is missing.
     *
     * @param sameOnBothSides an absolute path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig bindIfExists(String sameOnBothSides) {
        return bindIfExists(same(sameOnBothSides), sameOnBothSides);
    }

    /**
     * Shows a file or directory of the host, so that nothing can be written through it or through any mount below it; see
     * mount_setattr(2). Adds {@code nosuid} and {@code nodev}.
     *
     * @param host what is shown, with all that is mounted below it
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be
     */
    public MountConfig readOnlyBind(Path host, String inside, MountFlag... more) {
        return bind(Missing.REFUSED, host, inside, more, MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV);
    }

    /**
     * Shows a file or directory of the host under the path that it has there, as {@link #readOnlyBind(Path, String, MountFlag...)} does.
     *
     * @param sameOnBothSides an absolute path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig readOnlyBind(String sameOnBothSides) {
        return readOnlyBind(same(sameOnBothSides), sameOnBothSides);
    }

    /**
     * Shows a file or directory of the host, as {@link #readOnlyBind(Path, String, MountFlag...)} does, unless it is missing.
     *
     * @param host what is shown
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be
     */
    public MountConfig readOnlyBindIfExists(Path host, String inside, MountFlag... more) {
        return bind(Missing.PASSED_OVER, host, inside, more, MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV);
    }

    /**
     * Shows a file or directory of the host under the path that it has there, as {@link #readOnlyBind(Path, String, MountFlag...)} does, unless it is
     * missing.
     *
     * @param sameOnBothSides an absolute path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig readOnlyBindIfExists(String sameOnBothSides) {
        return readOnlyBindIfExists(same(sameOnBothSides), sameOnBothSides);
    }

    /**
     * Shows a file or directory of the host and leaves its device files usable. Adds {@code nosuid} alone.
     *
     * @param host what is shown, with all that is mounted below it
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be
     */
    public MountConfig deviceBind(Path host, String inside, MountFlag... more) {
        return bind(Missing.REFUSED, host, inside, more, MountFlag.NOSUID);
    }

    /**
     * Shows a file or directory of the host under the path that it has there, as {@link #deviceBind(Path, String, MountFlag...)} does.
     *
     * @param sameOnBothSides an absolute path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig deviceBind(String sameOnBothSides) {
        return deviceBind(same(sameOnBothSides), sameOnBothSides);
    }

    /**
     * Shows a file or directory of the host, as {@link #deviceBind(Path, String, MountFlag...)} does, unless it is missing.
     *
     * @param host what is shown
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be
     */
    public MountConfig deviceBindIfExists(Path host, String inside, MountFlag... more) {
        return bind(Missing.PASSED_OVER, host, inside, more, MountFlag.NOSUID);
    }

    /**
     * Shows a file or directory of the host under the path that it has there, as {@link #deviceBind(Path, String, MountFlag...)} does, unless it is
     * missing.
     *
     * @param sameOnBothSides an absolute path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig deviceBindIfExists(String sameOnBothSides) {
        return deviceBindIfExists(same(sameOnBothSides), sameOnBothSides);
    }

    private static Path same(String path) {
        return Path.of(MountArguments.inside(path));
    }

    private enum Missing {
        REFUSED, PASSED_OVER
    }

    private MountConfig bind(Missing missing, Path host, String inside, MountFlag[] more, MountFlag... always) {
        return add(
                new MountStep.Bind(MountArguments.host("source of a bind", host), MountArguments.inside(inside), null,
                        missing == Missing.PASSED_OVER, MountArguments.flags(more, always), null));
    }

    /**
     * Shows the file or directory that one of the JVM's descriptors is open on, as {@link #bind(Path, String, MountFlag...)} does.
     *
     * <p>
     * The descriptor is looked at now, see proc_pid_fd(5), and may be closed afterwards. The path that its file has now leads to it at each spawn; if it
     * leads to another file by then, the spawn is refused.
     *
     * @param descriptor the descriptor's number
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if it is not open, not on a file or directory, or on one that has been removed
     */
    public MountConfig bindDescriptor(int descriptor, String inside, MountFlag... more) {
        return bindDescriptor(descriptor, inside, more, MountFlag.NOSUID, MountFlag.NODEV);
    }

    /**
     * Shows the file or directory that one of the JVM's descriptors is open on, as {@link #bindDescriptor} does, read-only.
     *
     * @param descriptor the descriptor's number
     * @param inside where
     * @param more what else these mounts forbid
     * @return this
     * @throws IllegalArgumentException if it is not open, not on a file or directory, or on one that has been removed
     */
    public MountConfig readOnlyBindDescriptor(int descriptor, String inside, MountFlag... more) {
        return bindDescriptor(descriptor, inside, more, MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV);
    }

    private MountConfig bindDescriptor(int descriptor, String inside, MountFlag[] more, MountFlag... always) {
        String target = MountArguments.inside(inside);
        Path path = MountArguments.descriptor(descriptor);
        return add(new MountStep.Bind(path, target, MountArguments.identity(descriptor, path), false,
                MountArguments.flags(more, always), null));
    }

    /**
     * Shows a file or directory of the host with other owners, as {@link #bind(Path, String, MountFlag...)} does; see mount_setattr(2), "ID-mapped
     * mounts".
     *
     * <p>
     * Needs Linux 5.12, a file system that supports it, and a JVM that is root on the host.
     *
     * @param host what is shown
     * @param inside where
     * @param users ids on the disk ({@linkplain IdRange#inside() inside}) and those that they are shown as ({@linkplain IdRange#outside() outside})
     * @param groups the same of groups
     * @return this
     * @throws IllegalArgumentException if either path is not as it should be, or a list is empty
     */
    public MountConfig idmappedBind(Path host, String inside, List<IdRange> users, List<IdRange> groups) {
        return add(
                new MountStep.Bind(MountArguments.host("source of a bind", host), MountArguments.inside(inside), null,
                        false, MountArguments.flags(new MountFlag[0], MountFlag.NOSUID, MountFlag.NODEV),
                        new MountStep.IdMap(MountArguments.ids("users", users), MountArguments.ids("groups", groups))));
    }

    /**
     * Mounts an empty file system in memory, which anybody inside may write to, as with {@code /tmp}; see tmpfs(5). {@code nosuid} and {@code nodev}.
     *
     * @param inside where
     * @param more what else the mount forbids
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig tmpfs(String inside, MountFlag... more) {
        return tmpfs(inside, TEMPORARY, more);
    }

    /**
     * Mounts an empty file system in memory, as {@link #tmpfs(String, MountFlag...)} does, with other permissions.
     *
     * @param inside where
     * @param mode the permissions of its root, 0 to 07777
     * @param more what else the mount forbids
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be
     */
    public MountConfig tmpfs(String inside, int mode, MountFlag... more) {
        return tmpfs(inside, OptionalLong.empty(), mode, more);
    }

    /**
     * Mounts an empty file system in memory, as {@link #tmpfs(String, MountFlag...)} does, with a limit; without one it is half of the memory.
     *
     * @param inside where
     * @param size how many bytes it may hold
     * @param mode the permissions of its root, 0 to 07777
     * @param more what else the mount forbids
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be, or the size is not positive
     */
    public MountConfig tmpfs(String inside, long size, int mode, MountFlag... more) {
        return tmpfs(inside, OptionalLong.of(MountArguments.size(size)), mode, more);
    }

    private MountConfig tmpfs(String inside, OptionalLong size, int mode, MountFlag... more) {
        return add(new MountStep.Tmpfs(MountArguments.inside(inside), size, MountArguments.mode(mode),
                MountArguments.flags(more, MountFlag.NOSUID, MountFlag.NODEV)));
    }

    /**
     * Mounts the processes of the pid namespace on {@code /proc}, as {@link #proc(String)} does.
     *
     * @return this
     */
    public MountConfig proc() {
        return proc("/proc");
    }

    /**
     * Mounts the processes of the pid namespace; see proc(5). Together with {@link NamespaceBuilder#user()} it needs {@link NamespaceBuilder#pid()}.
     *
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig proc(String inside) {
        return special(MountStep.Type.PROC, inside);
    }

    /**
     * Makes a minimal {@code /dev}, as {@link #dev(String)} does.
     *
     * @return this
     */
    public MountConfig dev() {
        return dev("/dev");
    }

    /**
     * Makes a minimal directory of devices: {@code null}, {@code zero}, {@code full}, {@code random}, {@code urandom} and {@code tty} of the host,
     * terminals of its own ({@code ptmx}, {@code pts}), {@code shm}, the links {@code fd}, {@code stdin}, {@code stdout} and {@code stderr}, and
     * {@code console} where there is a terminal.
     *
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig dev(String inside) {
        return add(new MountStep.Dev(MountArguments.inside(inside)));
    }

    /**
     * Mounts pseudo-terminals of its own; see pts(4). {@link #dev()} has them already.
     *
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig devpts(String inside) {
        return special(MountStep.Type.DEVPTS, inside);
    }

    /**
     * Mounts the message queues of the IPC namespace; see mq_overview(7). Together with {@link NamespaceBuilder#user()} it needs
     * {@link NamespaceBuilder#ipc()}.
     *
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig mqueue(String inside) {
        return special(MountStep.Type.MQUEUE, inside);
    }

    /**
     * Mounts the kernel's devices on {@code /sys}, as {@link #sysfs(String)} does.
     *
     * @return this
     */
    public MountConfig sysfs() {
        return sysfs("/sys");
    }

    /**
     * Mounts the kernel's devices, the network interfaces being those of the network namespace; see sysfs(5). Together with
     * {@link NamespaceBuilder#user()} it needs {@link NamespaceBuilder#net()}.
     *
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig sysfs(String inside) {
        return special(MountStep.Type.SYSFS, inside);
    }

    private MountConfig special(MountStep.Type type, String inside) {
        return add(new MountStep.Special(type, MountArguments.inside(inside)));
    }

    /**
     * Lays directories of the host over each other, and keeps what is written in a directory of the host; see "Overlay Filesystem" in the kernel's
     * documentation. Together with {@link NamespaceBuilder#user()} it needs Linux 5.11.
     *
     * @param lower the layers that are only read, the topmost first; at least one
     * @param upper the directory that takes the writes
     * @param work an empty directory on the same file system, for the kernel's own use
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if a path is not as it should be, or there is no lower layer
     */
    public MountConfig overlay(List<Path> lower, Path upper, Path work, String inside) {
        return add(new MountStep.Overlay(lower(lower, 1),
                new MountStep.Upper.Directory(MountArguments.host("upper directory", upper),
                        MountArguments.host("work directory", work)),
                MountArguments.inside(inside)));
    }

    /**
     * Lays directories of the host over each other, and keeps what is written in memory, so that it vanishes with the namespace. Together with
     * {@link NamespaceBuilder#user()} it needs Linux 5.11.
     *
     * @param lower the layers that are only read, the topmost first; at least one
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if a path is not as it should be, or there is no lower layer
     */
    public MountConfig temporaryOverlay(List<Path> lower, String inside) {
        return add(new MountStep.Overlay(lower(lower, 1), new MountStep.Upper.Memory(), MountArguments.inside(inside)));
    }

    /**
     * Lays directories of the host over each other; nothing can be written. Together with {@link NamespaceBuilder#user()} it needs Linux 5.11.
     *
     * @param lower the layers, the topmost first; at least two
     * @param inside where
     * @return this
     * @throws IllegalArgumentException if a path is not as it should be, or there are fewer than two layers
     */
    public MountConfig readOnlyOverlay(List<Path> lower, String inside) {
        return add(new MountStep.Overlay(lower(lower, 2), null, MountArguments.inside(inside)));
    }

    private static List<Path> lower(List<Path> lower, int atLeast) {
        return MountArguments.hosts("lower directory", lower, atLeast);
    }

    /**
     * Makes a new file.
     *
     * @param inside its path; the spawn is refused if something is there
     * @param content what is in it
     * @param mode its permissions, 0 to 07777
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be
     */
    public MountConfig file(String inside, byte[] content, int mode) {
        return add(new MountStep.NewFile(MountArguments.inside(inside), MountArguments.content(content),
                MountArguments.mode(mode)));
    }

    /**
     * Mounts a file in memory over what is there, if something is. It can be written to; what is written vanishes with the namespace.
     *
     * @param inside its path
     * @param content what is in it at first
     * @param mode its permissions, 0 to 07777
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be
     */
    public MountConfig bindData(String inside, byte[] content, int mode) {
        return add(new MountStep.DataBind(MountArguments.inside(inside), MountArguments.content(content),
                MountArguments.mode(mode), false));
    }

    /**
     * Mounts a file in memory that everybody may read, as {@link #readOnlyFile(String, byte[], int)} does.
     *
     * @param inside its path
     * @param content what is in it
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig readOnlyFile(String inside, byte[] content) {
        return readOnlyFile(inside, content, READABLE);
    }

    /**
     * Mounts a file in memory over what is there, if something is. Nobody can write to it.
     *
     * @param inside its path
     * @param content what is in it
     * @param mode its permissions, 0 to 07777
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be
     */
    public MountConfig readOnlyFile(String inside, byte[] content, int mode) {
        return add(new MountStep.DataBind(MountArguments.inside(inside), MountArguments.content(content),
                MountArguments.mode(mode), true));
    }

    /**
     * Makes a directory that everybody may read, as {@link #directory(String, int)} does.
     *
     * @param inside its path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig directory(String inside) {
        return directory(inside, DIRECTORY);
    }

    /**
     * Makes a directory; one that is there already is left as it is.
     *
     * @param inside its path
     * @param mode the permissions of a new one, 0 to 07777
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be
     */
    public MountConfig directory(String inside, int mode) {
        return add(new MountStep.Directory(MountArguments.inside(inside), MountArguments.mode(mode)));
    }

    /**
     * Makes a symbolic link; see symlink(7).
     *
     * @param content where it leads; it need not exist
     * @param inside its path
     * @return this
     * @throws IllegalArgumentException if the content is empty or contains NUL, or the path is not as it should be
     */
    public MountConfig symlink(String content, String inside) {
        return add(new MountStep.Symlink(MountArguments.linkContent(content), MountArguments.inside(inside)));
    }

    /**
     * Sets the permissions of what is there; see chmod(2). The spawn is refused if nothing is.
     *
     * @param inside its path
     * @param mode the permissions, 0 to 07777
     * @return this
     * @throws IllegalArgumentException if the path or the mode is not as it should be
     */
    public MountConfig chmod(String inside, int mode) {
        return add(new MountStep.Chmod(MountArguments.inside(inside), MountArguments.mode(mode)));
    }

    /**
     * Makes a mount read-only from here on, without those below it; see mount(2), MS_REMOUNT. Usual for {@code "/"}, as the last word on an
     * {@linkplain #emptyRoot() empty root}.
     *
     * @param inside its mount point; the spawn is refused if it is none
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig remountReadOnly(String inside) {
        return add(new MountStep.RemountReadOnly(MountArguments.inside(inside)));
    }

    /**
     * Hides what is there, if something is: a directory by an empty one that is read-only, a file by the null device.
     *
     * @param inside its path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig mask(String inside) {
        return add(new MountStep.Mask(MountArguments.inside(inside)));
    }

    /**
     * Makes what is there, if something is, and all that is mounted below it, read-only.
     *
     * @param inside its path
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig readOnlyPath(String inside) {
        return add(new MountStep.ReadOnlyPath(MountArguments.inside(inside)));
    }

    /**
     * Hides those parts of {@code /proc} and {@code /sys} that tell of the machine, and makes those read-only that change it, as container runtimes
     * do: {@link #mask} and {@link #readOnlyPath}. It belongs after {@link #proc()} and {@link #sysfs()}.
     *
     * @return this
     */
    public MountConfig defaultProtection() {
        MASKED.forEach(this::mask);
        UNWRITABLE.forEach(this::readOnlyPath);
        return this;
    }

    /**
     * Says whether mounts made later on one side are seen on the other, for all mounts of the namespace; {@link Propagation#PRIVATE} by default.
     *
     * @param all how the namespace's mounts propagate
     * @return this
     */
    public MountConfig propagation(Propagation all) {
        propagation = Objects.requireNonNull(all, "propagation");
        return this;
    }

    /**
     * Says whether mounts made later on one side are seen on the other, for one mount and those below it.
     *
     * @param inside its mount point; the spawn is refused if it is none
     * @param one how they propagate
     * @return this
     * @throws IllegalArgumentException if the path is not as it should be
     */
    public MountConfig propagation(String inside, Propagation one) {
        return add(new MountStep.Propagate(MountArguments.inside(inside),
                Objects.requireNonNull(one, "propagation")));
    }

    private MountConfig add(MountStep step) {
        steps.add(step);
        return this;
    }

    /** The roots that were asked for; more than one is a contradiction. */
    Set<MountRoot> roots() {
        return roots;
    }

    MountSpec spec() {
        return new MountSpec(roots.isEmpty() ? new MountRoot.Host() : List.copyOf(roots).getFirst(), steps,
                propagation);
    }
}

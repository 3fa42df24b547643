package dev.namespaces;

import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.PidSpec;
import dev.namespaces.spi.ProcessSpec;
import dev.namespaces.spi.RunAsSpec;
import dev.namespaces.spi.TimeSpec;
import dev.namespaces.spi.UserSpec;
import dev.namespaces.spi.UtsSpec;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Namespace}. Values are checked at once, combinations in {@link #build()}.
 *
 * <p>
 * Not thread-safe. Repeated calls accumulate. A builder spawns too, for the sake of one-liners; whoever spawns often keeps the
 * {@link Namespace}.
 */
public final class NamespaceBuilder implements Spawner {

    private final Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
    private UserSpec user;
    private PidSpec pid;
    private NetSpec net;
    private TimeSpec time;
    private UtsSpec uts;
    private MountSpec mount;
    private Set<MountRoot> roots = new LinkedHashSet<>();
    private ProcessSpec process;
    private @Nullable RunAsSpec runAs;

    NamespaceBuilder(NamespaceSpec spec) {
        kinds.addAll(spec.kinds());
        user = spec.user();
        pid = spec.pid();
        net = spec.net();
        time = spec.time();
        uts = spec.uts();
        mount = spec.mount();
        if (!(mount.root() instanceof MountRoot.Host)) {
            roots.add(mount.root());
        }
        process = spec.process();
        runAs = spec.runAs();
    }

    /**
     * Creates a cgroup namespace: the command sees its own control group as the root. See cgroup_namespaces(7).
     *
     * @return this
     */
    public NamespaceBuilder cgroup() {
        return create(NamespaceKind.CGROUP);
    }

    /**
     * Creates an IPC namespace: no System V IPC object or POSIX message queue of the host is visible. See ipc_namespaces(7).
     *
     * @return this
     */
    public NamespaceBuilder ipc() {
        return create(NamespaceKind.IPC);
    }

    /**
     * Creates a mount namespace: a copy of the host's mounts, made private, so that nothing mounted inside is seen outside or the other way
     * round. Together with {@link #pid()} a fresh {@code /proc} is mounted, unless there is another root. See mount_namespaces(7).
     *
     * @return this
     */
    public NamespaceBuilder mount() {
        return create(NamespaceKind.MOUNT);
    }

    /**
     * Creates a mount namespace with files of its own: {@link MountConfig} says which there may be.
     *
     * {@snippet class="snippets.Uploads" region="box"}
     *
     * @param configurer says what it contains, on top of what was said before
     * @return this
     */
    public NamespaceBuilder mount(Consumer<? super MountConfig> configurer) {
        MountConfig config = new MountConfig(mount, roots);
        configurer.accept(config);
        mount = config.spec();
        roots = config.roots();
        return mount();
    }

    /**
     * Creates a network namespace with nothing but a loopback interface, which is up. See network_namespaces(7).
     *
     * @return this
     */
    public NamespaceBuilder net() {
        return create(NamespaceKind.NET);
    }

    /**
     * Creates a network namespace.
     *
     * @param configurer says what it contains
     * @return this
     */
    public NamespaceBuilder net(Consumer<? super NetConfig> configurer) {
        NetConfig config = new NetConfig(net);
        configurer.accept(config);
        net = config.spec();
        return net();
    }

    /**
     * Creates a pid namespace: the command sees no process of the host, and everything in the namespace ends with the command. See
     * pid_namespaces(7).
     *
     * <p>
     * Without {@link #mount()} the host's {@code /proc} stays visible.
     *
     * @return this
     */
    public NamespaceBuilder pid() {
        return create(NamespaceKind.PID);
    }

    /**
     * Creates a pid namespace.
     *
     * @param configurer says how it is run
     * @return this
     */
    public NamespaceBuilder pid(Consumer<? super PidConfig> configurer) {
        PidConfig config = new PidConfig(pid);
        configurer.accept(config);
        pid = config.spec();
        return pid();
    }

    /**
     * Creates a time namespace: the boot-time and monotonic clocks become its own. See time_namespaces(7).
     *
     * @return this
     */
    public NamespaceBuilder time() {
        return create(NamespaceKind.TIME);
    }

    /**
     * Creates a time namespace.
     *
     * @param configurer moves its clocks
     * @return this
     */
    public NamespaceBuilder time(Consumer<? super TimeConfig> configurer) {
        TimeConfig config = new TimeConfig(time);
        configurer.accept(config);
        time = config.spec();
        return time();
    }

    /**
     * Creates a user namespace in which the caller is root. See user_namespaces(7).
     *
     * <p>
     * <strong>For a JVM that itself runs as root this is the host's root</strong>: whatever of root's files is visible inside stays writable.
     *
     * @return this
     */
    public NamespaceBuilder user() {
        return create(NamespaceKind.USER);
    }

    /**
     * Creates a user namespace.
     *
     * @param configurer says how ids are mapped
     * @return this
     */
    public NamespaceBuilder user(Consumer<? super UserConfig> configurer) {
        UserConfig config = new UserConfig(user);
        configurer.accept(config);
        user = config.spec();
        return user();
    }

    /**
     * Creates a UTS namespace, whose host name may be changed without anybody else seeing it. See uts_namespaces(7).
     *
     * @return this
     */
    public NamespaceBuilder uts() {
        return create(NamespaceKind.UTS);
    }

    /**
     * Creates a UTS namespace.
     *
     * @param configurer sets its names
     * @return this
     */
    public NamespaceBuilder uts(Consumer<? super UtsConfig> configurer) {
        UtsConfig config = new UtsConfig(uts);
        configurer.accept(config);
        uts = config.spec();
        return uts();
    }

    /**
     * Creates namespaces of several kinds, each as its own method would by default.
     *
     * @param kinds the kinds, in any order
     * @return this
     */
    public NamespaceBuilder create(Collection<NamespaceKind> kinds) {
        this.kinds.addAll(kinds);
        return this;
    }

    private NamespaceBuilder create(NamespaceKind kind) {
        kinds.add(kind);
        return this;
    }

    /**
     * Kills the process when this JVM ends, however it ends: by an exit, a crash, or SIGKILL. By default it lives on then.
     *
     * <p>
     * With a pid namespace this ends everything in it; without, the one process that was started, as no descendant of its is known then. It
     * has nothing to do with the thread that spawns. From the first such spawn on, the JVM has a further child: a guard, a few pages large, that waits for
     * the JVM's end and then kills by pidfd, so never a stranger. Somebody kills the guard: the JVM starts another and hands over the living.
     *
     * <p>
     * The guard may do what the JVM's user may: a setuid program that has changed all its ids goes beyond an ordinary user's reach; with
     * {@link #noNewPrivileges()} or {@link #user()} there is none. See kill(2), pidfd_send_signal(2).
     *
     * @return this
     */
    public NamespaceBuilder dieWithJvm() {
        process = process.withDieWithJvm();
        return this;
    }

    /**
     * Starts the command in a session and a process group of its own, without a controlling terminal. See setsid(2).
     *
     * @return this
     */
    public NamespaceBuilder newSession() {
        process = process.withNewSession();
        return this;
    }

    /**
     * Keeps the command and its descendants from gaining privileges by an exec: setuid programs and file capabilities have no effect. See
     * PR_SET_NO_NEW_PRIVS(2const).
     *
     * @return this
     */
    public NamespaceBuilder noNewPrivileges() {
        process = process.withNoNewPrivileges();
        return this;
    }

    /**
     * Runs the command as another user: its real, effective and saved user and group ids and its supplementary groups are set just before its exec.
     * See setresuid(2), setresgid(2), setgroups(2).
     *
     * <p>
     * With a {@link #user() user} namespace these are ids inside, which its maps must cover, and no privilege is needed. Where setgroups is denied there,
     * as {@link UserConfig} says, the supplementary groups stay those of the JVM; elsewhere they are exactly the given ones, and none of the JVM's is left.
     * Without a user namespace these are the JVM's own ids, and it needs CAP_SETUID and CAP_SETGID, as root has them.
     *
     * <p>
     * A user other than 0 has no capability after its exec; 0 has all that its user namespace and the bounding set of the JVM give. The inheritable and
     * ambient sets are empty; capabilities(7). The init of a {@link #pid() pid} namespace keeps the JVM's ids. The ids are changed in a process with memory
     * of its own, so no process of that user can trace the JVM, or the command before its program runs.
     *
     * @param uid the user id, not negative
     * @param gid the group id, not negative
     * @param supplementaryGids the supplementary groups, none of them negative; usually none at all
     * @return this
     * @throws IllegalArgumentException if an id is negative, or if there are more than 65536 groups
     */
    public NamespaceBuilder runAs(int uid, int gid, int... supplementaryGids) {
        runAs = Identities.runAs(uid, gid, supplementaryGids);
        return this;
    }

    /**
     * Finishes the recipe. The builder can be used on.
     *
     * @return a namespace
     * @throws IllegalArgumentException if what was asked for cannot work together, with the reason
     * @throws IllegalStateException if a user namespace maps user ids but no group ids or the other way round, if {@link #runAs runAs} names an id that no
     *         range of it covers, or supplementary groups where they cannot be set
     * @throws UnsupportedOperationException if this kernel lacks a kind of mount that was asked for, with the reason; or if a network is to contain more
     *         than the loopback interface, which is not set up for commands yet
     */
    public Namespace build() {
        NamespaceSpec spec = spec();
        if (!spec.net().isBare()) {
            throw new UnsupportedOperationException(
                    "a network of more than the loopback interface cannot be set up for a command yet");
        }
        if (!spec.mount().steps().isEmpty() && Namespace.isSupported()) {
            String why = Provider.get().whyUnsupported(spec);
            if (!why.isEmpty()) {
                throw new UnsupportedOperationException(why);
            }
        }
        return new Namespace(spec);
    }

    /** What was asked for, on whatever kernel. */
    NamespaceSpec spec() {
        MountChecks.check(kinds, roots, mount);
        NetChecks.check(net);
        NamespaceSpec spec = new NamespaceSpec(kinds, user, pid, net, time, uts, mount, process, runAs);
        Identities.check(spec);
        return spec;
    }

    @Override
    public NamespaceProcess spawn(Command command) throws NamespaceException {
        return build().spawn(command);
    }

    @Override
    public Result run(Command command) throws NamespaceException, InterruptedException {
        return build().run(command);
    }
}

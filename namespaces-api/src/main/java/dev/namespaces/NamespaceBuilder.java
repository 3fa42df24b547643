package dev.namespaces;

import dev.namespaces.spi.JoinSpec;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
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
    private JoinSpec join;

    NamespaceBuilder(NamespaceSpec spec) {
        kinds.addAll(spec.kinds());
        user = spec.user();
        pid = spec.pid();
        net = spec.net();
        time = spec.time();
        uts = spec.uts();
        mount = NetFiles.remove(spec.mount(), net);
        if (!(mount.root() instanceof MountRoot.Host)) {
            roots.add(mount.root());
        }
        process = spec.process();
        runAs = spec.runAs();
        join = spec.join();
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
     * Enters an existing namespace instead of creating one of its kind: the command is in it together with whoever is there already. Namespaces that are
     * created besides are created from there. See setns(2).
     *
     * <p>
     * It takes CAP_SYS_ADMIN in the user namespace that owns it: root has that, and so has an ordinary user in user namespaces of its own, if those are joined
     * too. User namespaces come first, so the order of the calls does not matter; the one that this JVM is in already is left out. In a joined user namespace
     * the command runs as whoever {@link #runAs} names; without that as the JVM's own user, if that is mapped there, or else as root. In a joined mount
     * namespace it starts in its root directory, unless {@link Command#directory} says otherwise.
     *
     * <p>
     * Nothing of what protects those who are there already is taken over: for that, {@link #joinAll(ProcessHandle, Hardening...)}. The command's process holds no descriptor of
     * this JVM's, shares no memory with it, and can be traced by nobody inside before it runs the command; but where no user namespace is in between, by
     * somebody with CAP_SYS_PTRACE in this JVM's own, who finds no more rights there than the command's.
     *
     * @param namespace what to enter; it must still be open when a command is spawned, which throws an {@link IllegalStateException} otherwise
     * @return this
     * @throws IllegalArgumentException if another namespace of the same kind is joined already
     */
    public NamespaceBuilder join(NamespaceHandle namespace) {
        List<NamespaceHandle> handles = new ArrayList<>(join.handles());
        for (NamespaceHandle other : handles) {
            if (other.kind() == namespace.kind() && !other.equals(namespace)) {
                throw new IllegalArgumentException(
                        "a process is in one namespace of a kind: " + other + " is joined already, so " + namespace
                                + " cannot be");
            }
        }
        handles.add(namespace);
        join = new JoinSpec(handles, join.process(), join.without());
        return this;
    }

    /**
     * Enters every namespace that a process is in, its root directory and its working directory, and becomes as it is: the same ids and
     * supplementary groups, the same {@code no_new_privs}, and no capability that it could not have. {@link #runAs} says otherwise where that is wanted.
     *
     * <p>
     * It takes what {@link #join(NamespaceHandle)} takes, and the right to look at the process (ptrace(2), PTRACE_MODE_READ_REALCREDS): root has it, and so has
     * its user. A seccomp filter cannot be taken over: a process that has more of them than this JVM is refused, unless it is said that the command goes
     * without. Its control group, its resource limits and the profile of a security module are not taken over, nor are its securebits, which nobody can see.
     *
     * @param process whose namespaces; it must still be alive when a command is spawned. Its pid is looked at through a pidfd, so it cannot be mistaken for
     *     a later process of the same number
     * @param without what of its hardening the command does not get
     * @return this
     * @throws IllegalArgumentException if the namespaces of another process are joined already
     */
    public NamespaceBuilder joinAll(ProcessHandle process, Hardening... without) {
        ProcessHandle other = join.process();
        if (other != null && !process.equals(other)) {
            throw new IllegalArgumentException("the namespaces of process " + other.pid() + " are joined already");
        }
        join = new JoinSpec(join.handles(), process, Set.of(without));
        return this;
    }

    /**
     * Enters every namespace that a process is in, as {@link #joinAll(ProcessHandle, Hardening...)} does. Of a {@link NamespaceProcess} that is the command, not its init.
     *
     * @param process whose namespaces
     * @param without what of its hardening the command does not get
     * @return this
     * @throws NamespaceException if the command has ended
     */
    public NamespaceBuilder joinAll(Process process, Hardening... without) throws NamespaceException {
        if (!(process instanceof NamespaceProcess command)) {
            return joinAll(process.toHandle(), without);
        }
        ProcessHandle handle = ProcessHandle.of(command.commandPid()).orElse(null);
        command.namespaces(); // throws if the command has ended, whose number may be another's then
        return joinAll(Objects.requireNonNull(handle), without);
    }

    /**
     * Says which capabilities the command has, with or without a user namespace. By default it has those that the kernel gives to its user, and can
     * inherit none from the JVM: {@link CapabilityConfig} says what that means, and what it takes to change it.
     *
     * @param configurer takes some away or gives some, on top of what was said before
     * @return this
     */
    public NamespaceBuilder capabilities(Consumer<? super CapabilityConfig> configurer) {
        CapabilityConfig config = new CapabilityConfig(process.capabilities());
        configurer.accept(config);
        process = process.with(config.spec());
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
     * A user other than 0 has no capability after its exec, and 0 has all that its user namespace and the bounding set of the JVM give, unless
     * {@link #capabilities} says otherwise. The init of a {@link #pid() pid} namespace keeps the JVM's ids. The ids are changed in a process with memory
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
     * @throws UnsupportedOperationException if this kernel lacks a kind of mount that was asked for, with the reason
     */
    public Namespace build() {
        NamespaceSpec spec = spec();
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
        checkJoined();
        NetChecks.check(net);
        boolean restricted = kinds.contains(NamespaceKind.NET) && net.isRestricted();
        if (restricted) {
            NetChecks.checkRestriction(kinds, process.capabilities());
        }
        NamespaceSpec spec = new NamespaceSpec(kinds, user, pid, net, time, uts, NetFiles.add(kinds, mount, net),
                restricted ? process.with(process.capabilities().only(~NetChecks.AROUND_RULES)) : process, runAs, join);
        Identities.check(spec);
        return spec;
    }

    private void checkJoined() {
        ProcessHandle process = join.process();
        for (NamespaceHandle namespace : join.handles()) {
            if (kinds.contains(namespace.kind())) {
                throw new IllegalArgumentException(
                        namespace + " is joined and another of its kind is to be created: leave one of them out");
            }
            if (namespace.kind() == NamespaceKind.MOUNT && kinds.contains(NamespaceKind.USER)
                    && user.forbidNested()) {
                throw new IllegalArgumentException(
                        "forbidNestedUserNamespaces() needs the host's /proc, which is out of sight in "
                                + namespace);
            }
            if (process != null) {
                throw new IllegalArgumentException("the namespaces of process " + process.pid()
                        + " are joined, all of them: " + namespace + " cannot be joined besides");
            }
        }
        if (process != null && !Collections.disjoint(kinds,
                List.of(NamespaceKind.USER, NamespaceKind.PID, NamespaceKind.MOUNT))) {
            throw new IllegalArgumentException("the user, pid and mount namespaces of process " + process.pid()
                    + " are joined, and its root directory with them, and such are to be created: leave one of them out");
        }
    }

    /**
     * Creates the namespaces without a command, as {@link Namespace#open} does.
     *
     * @return the live namespaces
     * @throws NamespaceException if the kernel refuses a step
     */
    public OpenNamespace open() throws NamespaceException {
        return build().open();
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

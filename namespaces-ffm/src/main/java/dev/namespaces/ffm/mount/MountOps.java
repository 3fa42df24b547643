package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Propagation;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds what makes a new mount namespace's files.
 *
 * <p>
 * The new root is mounted over the old one, which stays the root for lookups, so that the host's files keep their paths. Everything is then put
 * together below the new root by descriptors, and pivot_root(2) takes the old one away. Sources are opened before that: with something mounted
 * over the root, a {@code ..} that arrives there goes on into the new root.
 */
public final class MountOps {

    private static final Operand SAME_FOR_ALL = Operand.of(0, "NULL");

    private final ProgramBuilder b;
    private final MountSpec spec;
    private final boolean inUserNamespace;
    private final @Nullable Path console;
    private final Slots slots;
    private final Sources sources;
    private final Layout layout;
    private @Nullable MountCheck check;
    private final Targets targets;
    private final Stage stage;
    private final Kit kit;
    private final Slot root;

    /**
     * Prepares.
     *
     * @param b the program
     * @param abi the architecture
     * @param spec what to mount
     * @param inUserNamespace whether the child has a user namespace of its own
     * @param api what there is to mount with
     * @param firstGiven the descriptor of the first idmapped tree; the others follow
     * @param console the terminal that becomes {@code /dev/console}, or null for none
     * @param undo what is taken back on a refusal
     * @param failed where the program goes on a refusal
     */
    public MountOps(ProgramBuilder b, Abi abi, MountSpec spec, boolean inUserNamespace, MountApi api, int firstGiven,
            @Nullable Path console, Undo undo, Label failed) {
        this.b = b;
        this.spec = spec;
        this.inUserNamespace = inUserNamespace;
        this.console = console;
        slots = new Slots(b, firstGiven + idmapped(spec));
        root = slots.reserve("root");
        sources = new Sources(b, slots, api, failed, abi.directoryFlag(), firstGiven);
        layout = new Layout(spec.root());
        targets = new Targets(b, slots, undo, failed, root, abi, layout);
        stage = new Stage(b, slots, failed);
        Remounts remounts = null;
        if (!api.attributes() && needAttributes(spec)) {
            MountTable host = host();
            check = new MountCheck(host);
            remounts = new Remounts(b, slots, targets, host, check);
        }
        kit = new Kit(b, slots, targets, layout, api, remounts, stage, failed, slots.reserve("target"));
    }

    /**
     * Whether a specification needs memory of the child's own: file content is charged to whoever's memory it comes from.
     *
     * @param spec what to mount
     * @return true if it does
     */
    public static boolean needOwnMemory(MountSpec spec) {
        return spec.steps().stream()
                .anyMatch(step -> step instanceof MountStep.NewFile || step instanceof MountStep.DataBind);
    }

    /**
     * Whether a specification changes flags of mounts that are there already.
     *
     * @param spec what to mount
     * @return true if it does
     */
    public static boolean needAttributes(MountSpec spec) {
        return spec.root() instanceof MountRoot.Directory || spec.steps().stream()
                .anyMatch(step -> step instanceof MountStep.Bind || step instanceof MountStep.RemountReadOnly
                        || step instanceof MountStep.ReadOnlyPath
                        || (step instanceof MountStep.DataBind data && data.readOnly()));
    }

    private static int idmapped(MountSpec spec) {
        return (int) spec.steps().stream()
                .filter(step -> step instanceof MountStep.Bind bind && bind.ids() != null).count();
    }

    private static MountTable host() {
        try {
            return MountTable.of("thread-self");
        } catch (IOException e) {
            throw new UnsupportedOperationException(
                    "without mount_setattr(2), mount flags take the list of mounts, which cannot be read: " + e, e);
        }
    }

    /** How a child's mounts have to be compared before it goes on, or null where the kernel sees to it. */
    public @Nullable MountCheck check() {
        return check;
    }

    /** Adds everything. */
    public void add() {
        boolean towardsTheHost = spec.propagation() == Propagation.SLAVE || spec.propagation() == Propagation.SHARED;
        propagate("/", towardsTheHost ? Propagation.SLAVE : Propagation.PRIVATE);
        if (spec.root() instanceof MountRoot.Host && spec.steps().isEmpty()) {
            setPropagation();
            return;
        }
        Op umask = b.call(Sys.UMASK, Operand.of(0)).step(Step.MOUNT, "");
        Slot home = spec.root() instanceof MountRoot.Host ? openDirectory(".", "working directory") : null;
        openSources();
        if (!kit.api().trees()) {
            stage.mount();
            sources.copyTo(stage);
        }
        makeRoot();
        Steps steps = new Steps(kit, sources, inUserNamespace);
        for (MountStep step : spec.steps()) {
            steps.add(step);
            layout.after(step);
            if (step instanceof MountStep.Bind || step instanceof MountStep.Overlay) {
                targets.mayBeOnHost();
            }
        }
        if (home == null) {
            changeRoot();
        } else {
            if (!kit.api().trees()) {
                stage.remove();
            }
            b.call(Sys.FCHDIR, home.operand()).step(Step.CHANGE_ROOT, "");
        }
        setPropagation();
        Op restore = b.call(Sys.UMASK, Operand.of(0)).step(Step.MOUNT, "");
        umask.into("umask", restore, 0);
    }

    private void openSources() {
        if (spec.root() instanceof MountRoot.Directory directory) {
            sources.root(directory);
        }
        for (MountStep step : spec.steps()) {
            switch (step) {
                case MountStep.Bind bind -> sources.tree(bind);
                case MountStep.Overlay overlay -> {
                    overlay.lower().forEach(directory -> sources.layer(directory, overlay.target()));
                    if (overlay.upper() instanceof MountStep.Upper.Directory upper) {
                        sources.layer(upper.directory(), overlay.target());
                        sources.layer(upper.work(), overlay.target());
                    }
                }
                case MountStep.Dev _ -> {
                    sources.devices();
                    sources.console(console);
                    Remounts remounts = kit.remounts();
                    if (remounts != null && console != null) {
                        remounts.allow(console.toString());
                    }
                }
                case MountStep.Mask _ -> sources.devices();
                default -> {
                    // it takes nothing from the host
                }
            }
        }
    }

    private void makeRoot() {
        switch (spec.root()) {
            case MountRoot.Host _ -> {
                slots.keep(open("/"), root, Step.CHANGE_ROOT, "");
                if (kit.remounts() != null) {
                    kit.remounts().keepAll();
                }
            }
            case MountRoot.Empty _ -> {
                kit.mount("tmpfs", b.string("/"), "tmpfs",
                        Flags.operand(EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV)), "mode=0755")
                        .step(Step.MOUNT, "tmpfs on /");
                slots.keep(open("/.."), root, Step.CHANGE_ROOT, "");
            }
            case MountRoot.Directory directory -> {
                String detail = directory.source() + " on /";
                Slot source = sources.of(directory);
                if (kit.remounts() == null) {
                    kit.setAttributes(source, directory.flags(), true, Step.MOUNT_FLAGS, detail);
                }
                Slot host = openDirectory("/", "/");
                kit.attach(source, host, detail);
                slots.keep(open("/.."), root, Step.CHANGE_ROOT, "");
                Remounts remounts = kit.remounts();
                if (remounts != null) {
                    remounts.tree("/", directory.source(), directory.flags(), detail);
                }
                targets.mayBeOnHost();
            }
        }
    }

    private Slot openDirectory(String path, String name) {
        Slot slot = slots.reserve(name);
        slots.keep(open(path), slot, Step.CHANGE_ROOT, "");
        return slot;
    }

    /** {@code ..} of the root is what is mounted over it last. */
    private Op open(String path) {
        return b.call(Sys.OPENAT, Kit.CWD, b.string(path),
                Kit.NAME_ONLY).step(Step.CHANGE_ROOT, path);
    }

    /** pivot_root(2) puts the old root over the new one, from where it is taken. */
    private void changeRoot() {
        Slot old = openDirectory("/", "old root");
        b.call(Sys.FCHDIR, root.operand()).step(Step.CHANGE_ROOT, "");
        b.call(Sys.PIVOT_ROOT, b.string("."), b.string(".")).step(Step.CHANGE_ROOT, "");
        if (!kit.api().trees()) {
            stage.remove(); // first, as umount2(2) takes what is on top
        }
        b.call(Sys.FCHDIR, old.operand()).step(Step.CHANGE_ROOT, "");
        b.call(Sys.UMOUNT2, b.string("."), Operand.of(Linux.MNT_DETACH, "MNT_DETACH")).step(Step.CHANGE_ROOT, "");
        b.call(Sys.CHDIR, b.string("/")).step(Step.CHANGE_ROOT, "");
    }

    private void setPropagation() {
        if (spec.propagation() == Propagation.SHARED || spec.propagation() == Propagation.UNBINDABLE) {
            propagate("/", spec.propagation());
        }
    }

    private void propagate(String path, Propagation propagation) {
        b.call(Sys.MOUNT, SAME_FOR_ALL, b.string(path), SAME_FOR_ALL, propagationFlags(propagation))
                .step(Step.MOUNT_PROPAGATION, "");
    }

    static Operand propagationFlags(Propagation propagation) {
        long flag = switch (propagation) {
            case PRIVATE -> Linux.MS_PRIVATE;
            case SLAVE -> Linux.MS_SLAVE;
            case SHARED -> Linux.MS_SHARED;
            case UNBINDABLE -> Linux.MS_UNBINDABLE;
        };
        return Operand.of(Linux.MS_REC | flag, "MS_REC|MS_" + propagation);
    }

    /** The flags that proc(5) gets, and whatever else only the kernel writes to. */
    static Set<MountFlag> harmless() {
        return EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOEXEC);
    }
}

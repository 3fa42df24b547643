package dev.namespaces;

import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses what no kernel would mount, before it is asked. */
final class MountChecks {

    private static final String ROOT = "/";

    private MountChecks() {}

    static void check(Set<NamespaceKind> kinds, Set<MountRoot> roots, MountSpec spec) {
        if (roots.size() > 1) {
            throw new IllegalArgumentException("there can be one root only, not several: "
                    + roots.stream().map(Plan::words).collect(Collectors.joining("; ")));
        }
        Set<String> taken = new TreeSet<>();
        for (MountStep step : spec.steps()) {
            checkTarget(step, taken);
            switch (step) {
                case MountStep.Special special when kinds.contains(NamespaceKind.USER) -> checkOwner(special, kinds);
                case MountStep.Overlay overlay -> checkLayers(overlay);
                default -> {
                    // whether it works depends on what is there
                }
            }
        }
    }

    private static void checkTarget(MountStep step, Set<String> taken) {
        String target = step.target();
        switch (step) {
            case MountStep.Directory _,MountStep.Chmod _,MountStep.RemountReadOnly _,MountStep.ReadOnlyPath _,MountStep.Propagate _ -> {
                // "/" is as good as any
            }
            case MountStep.Bind _,MountStep.Overlay _,MountStep.Tmpfs _,MountStep.Special _,MountStep.Dev _ ->
                require(!target.equals(ROOT),
                        "nothing can be mounted over the root, which is chosen by root(…) or emptyRoot(): "
                                + Plan.words(step));
            case MountStep.NewFile _,MountStep.DataBind _,MountStep.Symlink _,MountStep.Mask _ ->
                require(!target.equals(ROOT),
                        "the root is a directory and stays one, it cannot become " + Plan.words(step));
        }
        switch (step) {
            case MountStep.Symlink _,MountStep.NewFile _ ->
                require(taken.add(target),
                        "something has been put at " + target + " before, so it cannot become " + Plan.words(step));
            case MountStep.Bind bind when !bind.optional() -> taken.add(target);
            case MountStep.Tmpfs _,MountStep.Special _,MountStep.Dev _,MountStep.Overlay _,MountStep.DataBind _,MountStep.Directory _ ->
                taken.add(target);
            default -> {
                // leaves nothing there that was not there before
            }
        }
    }

    /** Who is root in a user namespace may mount what belongs to a namespace made along with it, not what is the host's. */
    private static void checkOwner(MountStep.Special special, Set<NamespaceKind> kinds) {
        switch (special.type()) {
            case PROC ->
                require(kinds.contains(NamespaceKind.PID), "proc needs a pid namespace of its own: add .pid()");
            case MQUEUE ->
                require(kinds.contains(NamespaceKind.IPC), "mqueue needs an IPC namespace of its own: add .ipc()");
            case SYSFS ->
                require(kinds.contains(NamespaceKind.NET), "sysfs needs a network namespace of its own: add .net()");
            case DEVPTS -> {
                // an instance of its own anyway
            }
        }
    }

    /** Layers that contain each other would change under the kernel's feet. It refuses those since Linux 5.2, ELOOP. */
    private static void checkLayers(MountStep.Overlay overlay) {
        List<Path> layers = new ArrayList<>(overlay.lower().stream().map(MountChecks::real).toList());
        if (overlay.upper() instanceof MountStep.Upper.Directory(Path directory, Path work)) {
            Path upper = real(directory);
            Path beside = real(work);
            require(!onDifferentFileSystems(upper, beside),
                    "the work directory must be on the upper directory's file system: "
                            + beside + " is not on that of " + upper);
            layers.add(upper);
            layers.add(beside);
        }
        for (int i = 0; i < layers.size(); i++) {
            for (int j = i + 1; j < layers.size(); j++) {
                checkApart(layers.get(i), layers.get(j));
            }
        }
    }

    private static void checkApart(Path one, Path other) {
        require(!one.equals(other), "a directory can be one layer of an overlay only: " + one);
        require(!(one.startsWith(other) || other.startsWith(one)) || onDifferentFileSystems(one, other),
                "no layer of an overlay may lie inside another: " + one + " and " + other);
    }

    private static boolean onDifferentFileSystems(Path one, Path other) {
        Optional<Object> first = device(one);
        Optional<Object> second = device(other);
        return first.isPresent() && second.isPresent() && !first.equals(second);
    }

    /** Empty where the file is missing: it may be there by the time of a spawn. */
    private static Optional<Object> device(Path path) {
        try {
            return Optional.of(Files.getAttribute(path, "unix:dev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.normalize();
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

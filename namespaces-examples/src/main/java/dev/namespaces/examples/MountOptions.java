package dev.namespaces.examples;

import dev.namespaces.MountConfig;
import dev.namespaces.MountFlag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options for what is mounted, applied in the order given. Their names and defaults are those of bwrap(1). Methods have no order of their own in a
 * class file; in the help they stand in the one that is written here.
 */
final class MountOptions {

    private static final int DIRECTORY = 0755;
    private static final int COPY = 0666;
    private static final int DATA = 0600;

    private final List<Consumer<MountConfig>> mounts = new ArrayList<>();
    /** The topmost last, as on the command line. */
    private final List<Path> layers = new ArrayList<>();
    private boolean rootChosen;
    private @Nullable Integer permissions;
    private @Nullable Long size;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--root", order = 1, arity = "1", paramLabel = "DIR", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "make a directory the root")
    void root(String[] word) {
        rootChosen = true;
        add(m -> m.root(Path.of(word[0])));
    }

    @Option(names = "--bind", order = 2, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "show a file or directory of the host, and all that is mounted below it; over / as the first mount: as the root")
    void bind(String[] words) {
        if (isRoot(words[1])) {
            root(words);
        } else {
            add(m -> m.bind(Path.of(words[0]), words[1]));
        }
    }

    @Option(names = "--bind-try", order = 3, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same, unless SRC is missing")
    void bindTry(String[] words) {
        add(m -> m.bindIfExists(Path.of(words[0]), words[1]));
    }

    @Option(names = "--ro-bind", order = 4, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same as --bind, read-only")
    void readOnlyBind(String[] words) {
        if (isRoot(words[1])) {
            rootChosen = true;
            add(m -> m.root(Path.of(words[0]), MountFlag.READ_ONLY));
        } else {
            add(m -> m.readOnlyBind(Path.of(words[0]), words[1]));
        }
    }

    @Option(names = "--ro-bind-try", order = 5, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same, unless SRC is missing")
    void readOnlyBindTry(String[] words) {
        add(m -> m.readOnlyBindIfExists(Path.of(words[0]), words[1]));
    }

    @Option(names = "--dev-bind", order = 6, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same as --bind, device files being usable")
    void deviceBind(String[] words) {
        if (isRoot(words[1])) {
            rootChosen = true;
            add(m -> m.deviceRoot(Path.of(words[0])));
        } else {
            add(m -> m.deviceBind(Path.of(words[0]), words[1]));
        }
    }

    @Option(names = "--dev-bind-try", order = 7, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same, unless SRC is missing")
    void deviceBindTry(String[] words) {
        add(m -> m.deviceBindIfExists(Path.of(words[0]), words[1]));
    }

    @Option(names = "--bind-fd", order = 8, arity = "2", paramLabel = "FD DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "show the file or directory that a descriptor is open on")
    void bindDescriptor(String[] words) {
        int descriptor = Descriptors.inherited(line(), words[0]);
        add(m -> m.bindDescriptor(descriptor, words[1]));
    }

    @Option(names = "--ro-bind-fd", order = 9, arity = "2", paramLabel = "FD DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same, read-only")
    void readOnlyBindDescriptor(String[] words) {
        int descriptor = Descriptors.inherited(line(), words[0]);
        add(m -> m.readOnlyBindDescriptor(descriptor, words[1]));
    }

    @Option(names = "--tmpfs", order = 10, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount an empty file system in memory, with permissions 0755")
    void tmpfs(String[] word) {
        int mode = permissionsOr(DIRECTORY);
        Long limit = size;
        size = null;
        add(m -> {
            if (limit == null) {
                m.tmpfs(word[0], mode);
            } else {
                m.tmpfs(word[0], limit, mode);
            }
        });
    }

    @Option(names = "--proc", order = 11, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount proc")
    void proc(String[] word) {
        add(m -> m.proc(word[0]));
    }

    @Option(names = "--dev", order = 12, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "make a minimal /dev")
    void dev(String[] word) {
        add(m -> m.dev(word[0]));
    }

    @Option(names = "--mqueue", order = 13, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount the message queues")
    void mqueue(String[] word) {
        add(m -> m.mqueue(word[0]));
    }

    @Option(names = "--dir", order = 14, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "make a directory, with permissions 0755")
    void directory(String[] word) {
        int mode = permissionsOr(DIRECTORY);
        add(m -> m.directory(word[0], mode));
    }

    @Option(names = "--file", order = 15, arity = "2", paramLabel = "FD DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "make a file of what can be read from a descriptor, with permissions 0666")
    void file(String[] words) {
        int mode = permissionsOr(COPY);
        byte[] content = Descriptors.content(line(), words[0]);
        add(m -> m.file(words[1], content, mode));
    }

    @Option(names = "--bind-data", order = 16, arity = "2", paramLabel = "FD DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount a file in memory of what can be read from a descriptor, with permissions 0600")
    void bindData(String[] words) {
        int mode = permissionsOr(DATA);
        byte[] content = Descriptors.content(line(), words[0]);
        add(m -> m.bindData(words[1], content, mode));
    }

    @Option(names = "--ro-bind-data", order = 17, arity = "2", paramLabel = "FD DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the same, read-only")
    void readOnlyBindData(String[] words) {
        int mode = permissionsOr(DATA);
        byte[] content = Descriptors.content(line(), words[0]);
        add(m -> m.readOnlyFile(words[1], content, mode));
    }

    @Option(names = "--symlink", order = 18, arity = "2", paramLabel = "SRC DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "make a symbolic link at DEST that leads to SRC")
    void symlink(String[] words) {
        add(m -> m.symlink(words[0], words[1]));
    }

    @Option(names = "--chmod", order = 19, arity = "2", paramLabel = "OCTAL PATH", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "set the permissions of what is there")
    void chmod(String[] words) {
        int mode = octal(words[0]);
        add(m -> m.chmod(words[1], mode));
    }

    @Option(names = "--remount-ro", order = 20, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "make a mount read-only from here on, without those below it")
    void remountReadOnly(String[] word) {
        add(m -> m.remountReadOnly(word[0]));
    }

    @Option(names = "--overlay-src", order = 21, arity = "1", paramLabel = "SRC", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "a layer, on top of those named before it, of the overlay that follows")
    void layer(String[] word) {
        layers.add(Path.of(word[0]));
    }

    @Option(names = "--overlay", order = 22, arity = "3", paramLabel = "RWSRC WORKDIR DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount the layers; what is written goes to RWSRC")
    void overlay(String[] words) {
        List<Path> lower = takeLayers();
        add(m -> m.overlay(lower, Path.of(words[0]), Path.of(words[1]), words[2]));
    }

    @Option(names = "--tmp-overlay", order = 23, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount the layers; what is written is kept in memory")
    void temporaryOverlay(String[] word) {
        List<Path> lower = takeLayers();
        add(m -> m.temporaryOverlay(lower, word[0]));
    }

    @Option(names = "--ro-overlay", order = 24, arity = "1", paramLabel = "DEST", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "mount the layers, of which there must be two, read-only")
    void readOnlyOverlay(String[] word) {
        List<Path> lower = takeLayers();
        add(m -> m.readOnlyOverlay(lower, word[0]));
    }

    @Option(names = "--perms", order = 25, arity = "1", paramLabel = "OCTAL", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the permissions of what the next option makes")
    void permissions(String[] word) {
        require(permissions == null, "--perms twice for one option");
        permissions = octal(word[0]);
    }

    @Option(names = "--size", order = 26, arity = "1", paramLabel = "BYTES", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "the size of the next --tmpfs")
    void size(String[] word) {
        require(size == null, "--size twice for one option");
        try {
            size = Long.valueOf(word[0]);
        } catch (NumberFormatException _) {
            throw new ParameterException(line(), "not a size in bytes: " + word[0]);
        }
    }

    /** Whether anything is to be mounted. */
    boolean any() {
        return !mounts.isEmpty();
    }

    void apply(MountConfig config) {
        if (!rootChosen) {
            config.emptyRoot();
        }
        mounts.forEach(mount -> mount.accept(config));
    }

    /** Whether a bind chooses the root; what comes later and covers everything is refused. */
    private boolean isRoot(String target) {
        return mounts.isEmpty() && target.matches("/+");
    }

    private void add(Consumer<MountConfig> mount) {
        requireNothingPending();
        mounts.add(mount);
    }

    void requireNothingPending() {
        require(permissions == null, "--perms must be followed by an option that makes a file or directory");
        require(size == null, "--size must be followed by --tmpfs");
        require(layers.isEmpty(), "--overlay-src must be followed by an overlay");
    }

    private int permissionsOr(int otherwise) {
        Integer chosen = permissions;
        permissions = null;
        return chosen == null ? otherwise : chosen;
    }

    private List<Path> takeLayers() {
        List<Path> lower = List.copyOf(layers.reversed());
        layers.clear();
        return lower;
    }

    private int octal(String word) {
        try {
            return Integer.parseInt(word, 8);
        } catch (NumberFormatException _) {
            throw new ParameterException(line(), "not permissions in octal: " + word);
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(line(), otherwise);
        }
    }

    private CommandLine line() {
        return command.commandLine();
    }
}

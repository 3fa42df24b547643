package dev.namespaces.ffm.linux;

import dev.namespaces.Namespace;
import dev.namespaces.ffm.FfmProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Starts another JVM with the classes of the API, of the implementation and of these tests, and with nothing of this JVM's flags. */
public final class ChildJvm {

    private static final String MODULE = "dev.namespaces.ffm";

    private final List<String> command = new ArrayList<>();

    private ChildJvm() {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Collections.addAll(command, "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UseSerialGC");
    }

    /** With everything on the class path. */
    public static ChildJvm onClassPath() {
        return new ChildJvm().with("--class-path", Origin.of(Namespace.class) + File.pathSeparator
                + Origin.of(FfmProvider.class) + File.pathSeparator + Origin.of(ChildJvm.class));
    }

    /** With the two modules on the module path, and the tests patched into the second. */
    public static ChildJvm onModulePath() {
        return new ChildJvm().with("--module-path",
                Origin.of(Namespace.class) + File.pathSeparator + Origin.of(FfmProvider.class),
                "--patch-module", MODULE + "=" + Origin.of(ChildJvm.class));
    }

    /** Adds flags. */
    public ChildJvm with(String... flags) {
        Collections.addAll(command, flags);
        return this;
    }

    /** The command that runs a class with a main method. */
    public List<String> command(Class<?> main) {
        List<String> all = new ArrayList<>(command);
        if (command.contains("--module-path")) {
            Collections.addAll(all, "--module", MODULE + "/" + main.getName());
        } else {
            all.add(main.getName());
        }
        return all;
    }

    /** Runs a class, which must end well, and returns what it printed. */
    public String run(Class<?> main) throws IOException {
        return Tool.output(new ProcessBuilder(command(main)), 0);
    }
}

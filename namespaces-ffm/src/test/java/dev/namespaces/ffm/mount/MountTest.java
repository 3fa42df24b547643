package dev.namespaces.ffm.mount;

import dev.namespaces.MountConfig;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of what a mount namespace contains, which run in every {@link Setting}. */
@ParameterizedClass
@MethodSource("dev.namespaces.ffm.mount.Setting#all")
@ExtendWith(MountTest.InItsSetting.class)
abstract class MountTest {

    /** Made here, as JUnit may not do it in a package whose tests do not run. */
    @RegisterExtension
    static final LeavesNothingBehind NOTHING_IS_LEFT = new LeavesNothingBehind();

    @Parameter
    Setting setting = Setting.USER; // of all

    @TempDir
    Path folder;

    /** A box with certain files, as far as it can be had by everybody. */
    NamespaceBuilder box(Consumer<? super MountConfig> files) {
        return setting.builder().mount(files);
    }

    /** A box with an empty root but for the host's programs, and certain files. */
    NamespaceBuilder emptyBox(Consumer<? super MountConfig> files) {
        return box(mount -> files.accept(Programs.make(mount.emptyRoot())));
    }

    /** Whether this kernel has overlays here; it refuses them to user namespaces before 5.11, and {@code build()} says so. */
    boolean hasOverlays() {
        return setting == Setting.ROOT || KernelVersion.running().atLeast(5, 11);
    }

    /** A directory of the test's in which the host's programs can be {@linkplain Programs#show shown}. */
    Path rootDirectory() throws IOException {
        Path root = directory("root");
        Programs.prepare(root);
        return root;
    }

    /** A file in the test's folder. */
    Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** A directory in the test's folder, and those above it. */
    Path directory(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    /** The permissions of a file as {@code ls} writes them. */
    static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** The names in a directory. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Runs each test in its setting. */
    static final class InItsSetting implements InvocationInterceptor {

        @Override
        public void interceptTestMethod(Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> test,
                ExtensionContext context) throws Throwable {
            settingOf(test).run(invocation);
        }

        @Override
        public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> test,
                ExtensionContext context) throws Throwable {
            settingOf(test).run(invocation);
        }

        private static Setting settingOf(ReflectiveInvocationContext<Method> test) {
            return ((MountTest) test.getTarget().orElseThrow()).setting;
        }
    }
}

package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX) // there is no /proc/self/fd elsewhere
class BindDescriptorTest {

    private static final int CLOSED = 1_000_000;

    @TempDir
    private Path directory = Path.of("");

    private final MountConfig config = new MountConfig(MountSpec.DEFAULT, Set.of());

    @Test
    void aDescriptorIsBoundByItsPathAndIdentity() throws Exception {
        Path path = Files.createFile(directory.resolve("file")).toRealPath();
        var identity = new MountStep.FileIdentity((long) Files.getAttribute(path, "unix:dev"),
                (long) Files.getAttribute(path, "unix:ino"));
        try (RandomAccessFile _ = new RandomAccessFile(path.toFile(), "r")) {
            int descriptor = descriptorOf(path);
            config.bindDescriptor(descriptor, "/x", MountFlag.NOEXEC).readOnlyBindDescriptor(descriptor, "/y");
        }

        assertThat(config.spec().steps()).containsExactly(
                new MountStep.Bind(path, "/x", identity, false,
                        Set.of(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOEXEC), null),
                new MountStep.Bind(path, "/y", identity, false,
                        Set.of(MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV), null));
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.bindDescriptor(CLOSED, "/x"))
                .withMessage("descriptor 1000000 is not open");
        assertThatIllegalArgumentException().isThrownBy(() -> config.readOnlyBindDescriptor(-1, "/x"))
                .withMessage("descriptor -1 is not open");
    }

    @Test
    void aPipeIsRefused() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        try (var _ = cat.getOutputStream()) {
            int descriptor = descriptorStartingWith("pipe:");

            assertThatIllegalArgumentException().isThrownBy(() -> config.bindDescriptor(descriptor, "/x"))
                    .withMessageStartingWith("descriptor " + descriptor + " is no file or directory: pipe:[");
        }
        assertThat(cat.waitFor()).isZero();
    }

    @Test
    void aFileThatIsGoneOrReplacedIsRefused() throws Exception {
        Path path = Files.createFile(directory.resolve("file")).toRealPath();
        try (RandomAccessFile _ = new RandomAccessFile(path.toFile(), "r")) {
            int descriptor = descriptorOf(path);
            Files.delete(path);

            assertThatIllegalArgumentException().isThrownBy(() -> config.bindDescriptor(descriptor, "/x"))
                    .withMessage("descriptor " + descriptor + " is open on a file that cannot be found at " + path
                            + " (deleted)");
            Files.createFile(Path.of(path + " (deleted)"));
            assertThatIllegalArgumentException().isThrownBy(() -> config.bindDescriptor(descriptor, "/x"))
                    .withMessageContaining("a file that is no longer at");
        }
        assertThat(config.spec().steps()).isEmpty();
    }

    private static int descriptorOf(Path path) throws IOException {
        return descriptorStartingWith(path.toString());
    }

    private static int descriptorStartingWith(String target) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().startsWith(target)) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new AssertionError("no descriptor is open on " + target);
    }
}

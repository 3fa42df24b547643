package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot work together, and what can. */
class MountChecksTest {

    private static final byte[] CONTENT = {};
    private static final Path HOST = Path.of("/host");
    private static final List<IdRange> IDS = List.of(new IdRange(0, 0, 1));

    private static final List<Consumer<MountConfig>> OVER_THE_ROOT = List.of(m -> m.bind(HOST, "/"),
            m -> m.readOnlyBind("/"), m -> m.deviceBindIfExists("/."), m -> m.idmappedBind(HOST, "/", IDS, IDS),
            m -> m.tmpfs("/"), m -> m.proc("//"), m -> m.sysfs("/"), m -> m.devpts("/"), m -> m.mqueue("/"),
            m -> m.dev("/"), m -> m.temporaryOverlay(List.of(HOST), "/"));

    private static final List<Consumer<MountConfig>> IN_PLACE_OF_THE_ROOT = List.of(m -> m.mask("/"),
            m -> m.file("/", CONTENT, 0), m -> m.bindData("/", CONTENT, 0), m -> m.readOnlyFile("/", CONTENT),
            m -> m.symlink("x", "/"));

    private static final List<Consumer<MountConfig>> FINE_WITH_THE_ROOT = List.of(m -> m.directory("/"),
            m -> m.chmod("/", 0), m -> m.remountReadOnly("/"), m -> m.readOnlyPath("/"),
            m -> m.propagation("/", Propagation.SHARED), m -> m.root(Path.of("/")).proc().dev());

    @Test
    void nothingIsMountedOverTheRoot() {
        assertThat(OVER_THE_ROOT).allSatisfy(calls -> assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(calls).build()).withMessageStartingWith(
                        "nothing can be mounted over the root, which is chosen by root(…) or emptyRoot(): "));
    }

    @Test
    void theRootStaysADirectory() {
        assertThat(IN_PLACE_OF_THE_ROOT).allSatisfy(calls -> assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(calls).build())
                .withMessageStartingWith("the root is a directory and stays one, it cannot become "));
    }

    @Test
    void theRootMayBeChanged() {
        assertThat(FINE_WITH_THE_ROOT).allSatisfy(
                calls -> assertThatCode(() -> mount(calls).build()).doesNotThrowAnyException());
    }

    @Test
    void thereIsOneRoot() {
        List<Consumer<MountConfig>> twice = List.of(m -> m.emptyRoot().root(HOST), m -> m.hostRoot().emptyRoot(),
                m -> m.emptyRoot().hostRoot(), m -> m.root(HOST).root(HOST, MountFlag.READ_ONLY),
                m -> m.root(HOST).root(Path.of("/other")), m -> m.root(HOST).deviceRoot(HOST));

        assertThat(twice).allSatisfy(calls -> assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(calls).build())
                .withMessageStartingWith("there can be one root only, not several: "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(m -> m.emptyRoot()).build().toBuilder().mount(m -> m.root(HOST)).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(m -> m.root(HOST)).mount(m -> m.hostRoot()).build());
    }

    @Test
    void whatIsRefusedIsSaidInWords() {
        assertThatIllegalArgumentException().isThrownBy(() -> mount(m -> m.emptyRoot().root(HOST)).build())
                .withMessage("there can be one root only, not several: empty, in memory;"
                        + " /host of the host, with what is mounted below it (nodev)");
        assertThatIllegalArgumentException().isThrownBy(() -> mount(m -> m.mask("/")).build())
                .withMessage("the root is a directory and stays one, it cannot become hidden, if it is there");
        assertThatIllegalArgumentException().isThrownBy(() -> mount(m -> m.dev("/x").symlink("a", "/x")).build())
                .withMessage("something has been put at /x before, so it cannot become a symbolic link to a");
    }

    @Test
    void theSameRootMayBeChosenAgain() {
        Namespace empty = mount(m -> m.emptyRoot().emptyRoot()).build();

        assertThat(empty.toBuilder().mount(m -> m.emptyRoot()).build()).isEqualTo(empty);
        assertThat(mount(m -> m.hostRoot()).build()).isEqualTo(Namespace.builder().mount().build());
        assertThatCode(() -> Namespace.builder().mount().build().toBuilder().mount(m -> m.emptyRoot()).build())
                .as("nobody chose the host's").doesNotThrowAnyException();
    }

    @Test
    void procMqueueAndSysfsNeedTheirNamespaceBesideAUserNamespace() {
        assertThatIllegalArgumentException().isThrownBy(() -> mount(m -> m.proc()).user().build())
                .withMessage("proc needs a pid namespace of its own: add .pid()");
        assertThatIllegalArgumentException().isThrownBy(() -> mount(m -> m.mqueue("/q")).user().build())
                .withMessage("mqueue needs an IPC namespace of its own: add .ipc()");
        assertThatIllegalArgumentException().isThrownBy(() -> mount(m -> m.sysfs()).user().build())
                .withMessage("sysfs needs a network namespace of its own: add .net()");
        assertThatCode(() -> mount(m -> m.proc().mqueue("/q").sysfs().devpts("/p")).user().pid().ipc().net().build())
                .doesNotThrowAnyException();
        assertThatCode(() -> mount(m -> m.proc().mqueue("/q").sysfs()).build())
                .as("the host's root may").doesNotThrowAnyException();
        assertThatCode(() -> mount(m -> m.devpts("/p").dev()).user().build()).doesNotThrowAnyException();
    }

    @Test
    void nothingNewIsMadeWhereSomethingHasBeenPut() {
        List<Consumer<MountConfig>> clashes = List.of(m -> m.readOnlyBind("/x").symlink("usr/x", "/x"),
                m -> m.tmpfs("/x").file("/x", CONTENT, 0), m -> m.symlink("a", "/x").symlink("b", "/x"),
                m -> m.file("/x", CONTENT, 0).file("/x/", CONTENT, 0), m -> m.directory("/x").symlink("a", "/x"));

        assertThat(clashes).allSatisfy(calls -> assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(calls).build())
                .withMessageStartingWith("something has been put at /x before, so it cannot become "));
        assertThatCode(() -> mount(m -> m.bindIfExists("/x").symlink("usr/x", "/x").bind(HOST, "/y").tmpfs("/y")
                .directory("/y").file("/y/z", CONTENT, 0).bindData("/y/z", CONTENT, 0)).build())
                .doesNotThrowAnyException();
    }

    @Test
    void layersOfAnOverlayLieApart(@TempDir Path directory) throws Exception {
        Path lower = Files.createDirectories(directory.resolve("lower"));
        Path inLower = Files.createDirectories(lower.resolve("in"));
        Path upper = Files.createDirectories(directory.resolve("upper"));
        Path work = Files.createDirectories(directory.resolve("work"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), lower);
        List<Consumer<MountConfig>> nested = List.of(m -> m.overlay(List.of(lower), inLower, work, "/x"),
                m -> m.overlay(List.of(lower), upper, inLower, "/x"),
                m -> m.overlay(List.of(lower), upper, upper.resolve("missing"), "/x"),
                m -> m.overlay(List.of(inLower), lower, work, "/x"),
                m -> m.overlay(List.of(inLower), link, work, "/x"),
                m -> m.readOnlyOverlay(List.of(inLower, lower), "/x"),
                m -> m.temporaryOverlay(List.of(lower, link.resolve("in")), "/x"));
        List<Consumer<MountConfig>> same = List.of(m -> m.overlay(List.of(lower), upper, upper, "/x"),
                m -> m.overlay(List.of(lower), lower, work, "/x"),
                m -> m.overlay(List.of(upper, lower), upper, link, "/x"),
                m -> m.readOnlyOverlay(List.of(lower, link), "/x"),
                m -> m.overlay(List.of(lower), Path.of("/no/such"), Path.of("/no/./such"), "/x"));

        assertThat(nested).allSatisfy(calls -> assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(calls).build())
                .withMessageStartingWith("no layer of an overlay may lie inside another: "));
        assertThat(same).allSatisfy(calls -> assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(calls).build())
                .withMessageStartingWith("a directory can be one layer of an overlay only: "));
        assertThatCode(() -> mount(m -> m.overlay(List.of(lower), upper, work, "/x")
                .temporaryOverlay(List.of(lower), "/y").readOnlyOverlay(List.of(lower, upper), "/z")).build())
                .doesNotThrowAnyException();
    }

    @Test
    void theWorkDirectoryIsOnTheFileSystemOfTheUpperDirectory(@TempDir Path upper) throws Exception {
        Path elsewhere = Path.of("/dev");
        assumeFalse(Files.getAttribute(upper, "unix:dev").equals(Files.getAttribute(elsewhere, "unix:dev")),
                "/dev is no file system of its own here");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> mount(m -> m.overlay(List.of(HOST), upper, elsewhere, "/x")).build())
                .withMessage("the work directory must be on the upper directory's file system: /dev is not on that of "
                        + upper.toRealPath());
        assertThatCode(() -> mount(m -> m.overlay(List.of(elsewhere), upper, HOST, "/x")).build())
                .as("a missing one may be there by the time of the spawn").doesNotThrowAnyException();
    }

    private static NamespaceBuilder mount(Consumer<MountConfig> calls) {
        return Namespace.builder().mount(calls);
    }
}

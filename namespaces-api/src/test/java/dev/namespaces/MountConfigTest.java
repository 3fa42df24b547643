package dev.namespaces;

import static dev.namespaces.MountFlag.NOATIME;
import static dev.namespaces.MountFlag.NODEV;
import static dev.namespaces.MountFlag.NOEXEC;
import static dev.namespaces.MountFlag.NOSUID;
import static dev.namespaces.MountFlag.READ_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.namespaces.spi.Content;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountConfigTest {

    private static final byte[] BYTES = {1, 2};
    private static final Path HOST = Path.of("/host");
    private static final List<IdRange> IDS = List.of(new IdRange(0, 1000, 1));

    /** A call, and the step that comes of it. */
    record Call(UnaryOperator<MountConfig> call, MountStep step) {}

    private static final List<Call> CALLS = List.of(
            new Call(m -> m.bind(HOST, "/x"), bind("/host", false, NOSUID, NODEV)),
            new Call(m -> m.bind(HOST, "/x", NOEXEC, NOATIME), bind("/host", false, NOSUID, NODEV, NOEXEC, NOATIME)),
            new Call(m -> m.bind("/x"), bind("/x", false, NOSUID, NODEV)),
            new Call(m -> m.bindIfExists(HOST, "/x", NOEXEC), bind("/host", true, NOSUID, NODEV, NOEXEC)),
            new Call(m -> m.bindIfExists("/x"), bind("/x", true, NOSUID, NODEV)),
            new Call(m -> m.readOnlyBind(HOST, "/x", NOEXEC), bind("/host", false, READ_ONLY, NOSUID, NODEV, NOEXEC)),
            new Call(m -> m.readOnlyBind("/x"), bind("/x", false, READ_ONLY, NOSUID, NODEV)),
            new Call(m -> m.readOnlyBindIfExists(HOST, "/x", NOEXEC),
                    bind("/host", true, READ_ONLY, NOSUID, NODEV, NOEXEC)),
            new Call(m -> m.readOnlyBindIfExists("/x"), bind("/x", true, READ_ONLY, NOSUID, NODEV)),
            new Call(m -> m.deviceBind(HOST, "/x", NOEXEC), bind("/host", false, NOSUID, NOEXEC)),
            new Call(m -> m.deviceBind("/x"), bind("/x", false, NOSUID)),
            new Call(m -> m.deviceBindIfExists(HOST, "/x", NOEXEC), bind("/host", true, NOSUID, NOEXEC)),
            new Call(m -> m.deviceBindIfExists("/x"), bind("/x", true, NOSUID)),
            new Call(m -> m.idmappedBind(HOST, "/x", IDS, IDS),
                    new MountStep.Bind(HOST, "/x", null, false, Set.of(NOSUID, NODEV), new MountStep.IdMap(IDS, IDS))),
            new Call(m -> m.tmpfs("/x"), tmpfs(OptionalLong.empty(), 01777)),
            new Call(m -> m.tmpfs("/x", NOEXEC), tmpfs(OptionalLong.empty(), 01777, NOEXEC)),
            new Call(m -> m.tmpfs("/x", 0700, NOEXEC), tmpfs(OptionalLong.empty(), 0700, NOEXEC)),
            new Call(m -> m.tmpfs("/x", 4096, 0, NOEXEC), tmpfs(OptionalLong.of(4096), 0, NOEXEC)),
            new Call(m -> m.proc("/x"), new MountStep.Special(MountStep.Type.PROC, "/x")),
            new Call(MountConfig::proc, new MountStep.Special(MountStep.Type.PROC, "/proc")),
            new Call(m -> m.sysfs("/x"), new MountStep.Special(MountStep.Type.SYSFS, "/x")),
            new Call(MountConfig::sysfs, new MountStep.Special(MountStep.Type.SYSFS, "/sys")),
            new Call(m -> m.mqueue("/x"), new MountStep.Special(MountStep.Type.MQUEUE, "/x")),
            new Call(m -> m.devpts("/x"), new MountStep.Special(MountStep.Type.DEVPTS, "/x")),
            new Call(m -> m.dev("/x"), new MountStep.Dev("/x")), new Call(MountConfig::dev, new MountStep.Dev("/dev")),
            new Call(m -> m.overlay(List.of(HOST), Path.of("/up"), Path.of("/work"), "/x"), new MountStep.Overlay(
                    List.of(HOST), new MountStep.Upper.Directory(Path.of("/up"), Path.of("/work")), "/x")),
            new Call(m -> m.temporaryOverlay(List.of(HOST, Path.of("/low")), "/x"), new MountStep.Overlay(
                    List.of(HOST, Path.of("/low")), new MountStep.Upper.Memory(), "/x")),
            new Call(m -> m.readOnlyOverlay(List.of(HOST, Path.of("/low")), "/x"),
                    new MountStep.Overlay(List.of(HOST, Path.of("/low")), null, "/x")),
            new Call(m -> m.file("/x", BYTES, 0600), new MountStep.NewFile("/x", new Content(BYTES), 0600)),
            new Call(m -> m.bindData("/x", BYTES, 0600), new MountStep.DataBind("/x", new Content(BYTES), 0600, false)),
            new Call(m -> m.readOnlyFile("/x", BYTES, 07777),
                    new MountStep.DataBind("/x", new Content(BYTES), 07777, true)),
            new Call(m -> m.readOnlyFile("/x", BYTES), new MountStep.DataBind("/x", new Content(BYTES), 0444, true)),
            new Call(m -> m.directory("/x", 0700), new MountStep.Directory("/x", 0700)),
            new Call(m -> m.directory("/x"), new MountStep.Directory("/x", 0755)),
            new Call(m -> m.symlink("usr/bin", "/x"), new MountStep.Symlink("usr/bin", "/x")),
            new Call(m -> m.chmod("/x", 0500), new MountStep.Chmod("/x", 0500)),
            new Call(m -> m.remountReadOnly("/x"), new MountStep.RemountReadOnly("/x")),
            new Call(m -> m.mask("/x"), new MountStep.Mask("/x")),
            new Call(m -> m.readOnlyPath("/x"), new MountStep.ReadOnlyPath("/x")),
            new Call(m -> m.propagation("/x", Propagation.SLAVE), new MountStep.Propagate("/x", Propagation.SLAVE)));

    /** Every method that takes a path inside, with that path. */
    private static final List<BiConsumer<MountConfig, String>> INSIDE = List.of((m, p) -> m.bind(HOST, p),
            MountConfig::bind, (m, p) -> m.bindIfExists(HOST, p), MountConfig::bindIfExists,
            (m, p) -> m.readOnlyBind(HOST, p), MountConfig::readOnlyBind, (m, p) -> m.readOnlyBindIfExists(HOST, p),
            MountConfig::readOnlyBindIfExists, (m, p) -> m.deviceBind(HOST, p), MountConfig::deviceBind,
            (m, p) -> m.deviceBindIfExists(HOST, p), MountConfig::deviceBindIfExists, (m, p) -> m.bindDescriptor(0, p),
            (m, p) -> m.readOnlyBindDescriptor(0, p), (m, p) -> m.idmappedBind(HOST, p, IDS, IDS), (m, p) -> m.tmpfs(p),
            (m, p) -> m.tmpfs(p, 0700), (m, p) -> m.tmpfs(p, 1, 0700), MountConfig::proc, MountConfig::dev,
            MountConfig::devpts, MountConfig::mqueue, MountConfig::sysfs,
            (m, p) -> m.overlay(List.of(HOST), Path.of("/up"), Path.of("/work"), p),
            (m, p) -> m.temporaryOverlay(List.of(HOST), p),
            (m, p) -> m.readOnlyOverlay(List.of(HOST, Path.of("/low")), p), (m, p) -> m.file(p, BYTES, 0),
            (m, p) -> m.bindData(p, BYTES, 0), (m, p) -> m.readOnlyFile(p, BYTES),
            (m, p) -> m.readOnlyFile(p, BYTES, 0), (m, p) -> m.directory(p), (m, p) -> m.directory(p, 0),
            (m, p) -> m.symlink("x", p), (m, p) -> m.chmod(p, 0), MountConfig::remountReadOnly, MountConfig::mask,
            MountConfig::readOnlyPath, (m, p) -> m.propagation(p, Propagation.SHARED));

    private final MountConfig config = new MountConfig(MountSpec.DEFAULT, Set.of());

    @ParameterizedTest
    @FieldSource("CALLS")
    void everyCallIsAStep(Call call) {
        assertThat(call.call().apply(config)).isSameAs(config);
        assertThat(config.spec().steps()).containsExactly(call.step());
        assertThat(config.spec().root()).isEqualTo(new MountRoot.Host());
    }

    @Test
    void stepsKeepTheOrderInWhichTheyAreWritten() {
        CALLS.forEach(call -> assertThat(call.call().apply(config)).isSameAs(config));

        assertThat(config.spec().steps()).isEqualTo(CALLS.stream().map(Call::step).toList());
    }

    @Test
    void theRootIsTheHostsUnlessAnotherIsChosen() {
        assertThat(root(m -> {})).isEqualTo(new MountRoot.Host());
        assertThat(root(MountConfig::hostRoot)).isEqualTo(new MountRoot.Host());
        assertThat(root(MountConfig::emptyRoot)).isEqualTo(new MountRoot.Empty());
        assertThat(root(m -> m.root(HOST))).isEqualTo(new MountRoot.Directory(HOST, Set.of(NODEV)));
        assertThat(root(m -> m.root(HOST, READ_ONLY))).isEqualTo(
                new MountRoot.Directory(HOST, Set.of(NODEV, READ_ONLY)));
        assertThat(root(m -> m.deviceRoot(HOST, NOSUID))).isEqualTo(new MountRoot.Directory(HOST, Set.of(NOSUID)));
    }

    private static MountRoot root(Consumer<MountConfig> calls) {
        MountConfig config = new MountConfig(MountSpec.DEFAULT, Set.of());
        calls.accept(config);
        return config.spec().root();
    }

    @Test
    void propagationIsPrivateUnlessChosen() {
        assertThat(config.spec().propagation()).isEqualTo(Propagation.PRIVATE);
        assertThat(config.propagation(Propagation.SLAVE).spec().propagation()).isEqualTo(Propagation.SLAVE);
        assertThat(config.spec().steps()).isEmpty();
    }

    @Test
    void theDefaultProtectionMasksWhatTellsAndKeepsWhatChangesTheMachineFromBeingWritten() {
        assertThat(config.defaultProtection().spec().steps()).hasSize(17)
                .startsWith(new MountStep.Mask("/proc/acpi"))
                .endsWith(new MountStep.ReadOnlyPath("/proc/sysrq-trigger"))
                .contains(new MountStep.Mask("/proc/kcore"), new MountStep.Mask("/sys/firmware"),
                        new MountStep.Mask("/sys/devices/virtual/powercap"), new MountStep.ReadOnlyPath("/proc/sys"));
    }

    @Test
    void aPathInsideThatIsNotAbsoluteOrLeadsUpwardsIsRefused() {
        assertThat(INSIDE).allSatisfy(call -> {
            for (String relative : List.of("", ".", "x", "./x")) {
                assertThatIllegalArgumentException().isThrownBy(() -> call.accept(config, relative))
                        .withMessage("path inside must be absolute: \"" + relative + "\"");
            }
            for (String upwards : List.of("/..", "/x/..", "/x/../y", "/../x/")) {
                assertThatIllegalArgumentException().isThrownBy(() -> call.accept(config, upwards))
                        .withMessage("path inside must not contain \"..\": \"" + upwards + "\"");
            }
            assertThatIllegalArgumentException().isThrownBy(() -> call.accept(config, "/a\0b"))
                    .withMessageStartingWith("path inside contains NUL at index 2");
            assertThatIllegalArgumentException().isThrownBy(() -> call.accept(config, "/\ud83d"))
                    .withMessageContaining("unpaired surrogate");
        });
        assertThat(config.spec().steps()).isEmpty();
    }

    @Test
    void slashesAndDotsThatMeanNothingAreLeftOut() {
        config.proc("//a/./b//c/").mask("/").mask("/.").directory("/...").directory("/..a").readOnlyBind("/usr/");

        assertThat(config.spec().steps()).extracting(MountStep::target)
                .containsExactly("/a/b/c", "/", "/", "/...", "/..a", "/usr");
        assertThat(config.spec().steps().getLast()).isEqualTo(
                new MountStep.Bind(Path.of("/usr"), "/usr", null, false, Set.of(READ_ONLY, NOSUID, NODEV), null));
    }

    @Test
    void hostPathsAreMadeAbsoluteAtOnceAndKeepTheirDots() {
        Path here = Path.of("").toAbsolutePath();
        config.bind(Path.of("sub"), "/x").overlay(List.of(Path.of("l")), Path.of("u"), Path.of("w"), "/y")
                .bind(Path.of("/link/../x"), "/z").root(Path.of("root"));

        assertThat(config.spec().steps()).satisfiesExactly(
                bind -> assertThat(((MountStep.Bind) bind).source()).isEqualTo(here.resolve("sub")),
                overlay -> assertThat(overlay).isEqualTo(new MountStep.Overlay(List.of(here.resolve("l")),
                        new MountStep.Upper.Directory(here.resolve("u"), here.resolve("w")), "/y")),
                bind -> assertThat(((MountStep.Bind) bind).source()).hasToString("/link/../x"));
        assertThat(config.spec().root()).isEqualTo(new MountRoot.Directory(here.resolve("root"), Set.of(NODEV)));
    }

    @Test
    void anEmptyHostPathIsRefused() {
        Path empty = Path.of("");
        List<ThrowingCallable> calls = List.of(() -> config.bind(empty, "/x"), () -> config.root(empty),
                () -> config.deviceRoot(empty), () -> config.readOnlyBind(empty, "/x"),
                () -> config.deviceBind(empty, "/x"), () -> config.idmappedBind(empty, "/x", IDS, IDS),
                () -> config.overlay(List.of(empty), HOST, HOST, "/x"),
                () -> config.overlay(List.of(HOST), empty, HOST, "/x"),
                () -> config.overlay(List.of(HOST), HOST, empty, "/x"),
                () -> config.temporaryOverlay(List.of(empty), "/x"),
                () -> config.readOnlyOverlay(List.of(HOST, empty), "/x"));

        assertThat(calls).allSatisfy(call -> assertThatIllegalArgumentException().isThrownBy(call)
                .withMessageEndingWith(" must not be empty"));
    }

    @Test
    void aPathOfAnotherFileSystemIsRefused() {
        Path image = Path.of(URI.create("jrt:/java.base"));

        assertThatIllegalArgumentException().isThrownBy(() -> config.bind(image, "/x"))
                .withMessage("source of a bind must be a path of the host, not of jrt: /modules/java.base");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 010000, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void permissionsHaveTwelveBits(int mode) {
        List<ThrowingCallable> calls = List.of(() -> config.tmpfs("/x", mode), () -> config.tmpfs("/x", 1, mode),
                () -> config.file("/x", BYTES, mode), () -> config.bindData("/x", BYTES, mode),
                () -> config.readOnlyFile("/x", BYTES, mode), () -> config.directory("/x", mode),
                () -> config.chmod("/x", mode));

        assertThat(calls).allSatisfy(call -> assertThatIllegalArgumentException().isThrownBy(call)
                .withMessageStartingWith("permissions must lie between 0 and 07777: ")
                .withMessageContaining(mode + " (decimal)"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aSizeIsPositive(long size) {
        assertThatIllegalArgumentException().isThrownBy(() -> config.tmpfs("/x", size, 0700))
                .withMessage("size must be positive: " + size);
    }

    @Test
    void anOverlayNeedsLayers() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.overlay(List.of(), HOST, HOST, "/x"))
                .withMessage("at least 1 of these are needed (lower directory), not 0: []");
        assertThatIllegalArgumentException().isThrownBy(() -> config.temporaryOverlay(List.of(), "/x"));
        assertThatIllegalArgumentException().isThrownBy(() -> config.readOnlyOverlay(List.of(HOST), "/x"))
                .withMessage("at least 2 of these are needed (lower directory), not 1: [/host]");
    }

    @Test
    void anIdmappedBindNeedsIdsOfBothSorts() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.idmappedBind(HOST, "/x", List.of(), IDS))
                .withMessage("at least one range of users is needed");
        assertThatIllegalArgumentException().isThrownBy(() -> config.idmappedBind(HOST, "/x", IDS, List.of()))
                .withMessage("at least one range of groups is needed");
    }

    @Test
    void aSymbolicLinkLeadsSomewhere() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.symlink("", "/x"))
                .withMessage("content of a symbolic link must not be empty");
        assertThatIllegalArgumentException().isThrownBy(() -> config.symlink("a\0b", "/x"))
                .withMessageStartingWith("content of a symbolic link contains NUL");
        assertThat(config.symlink("../../..", "/x").spec().steps()).hasSize(1);
    }

    @Test
    void whatACallWasGivenMayChange() {
        byte[] content = {1, 2};
        List<Path> lower = new ArrayList<>(List.of(HOST));
        List<IdRange> ids = new ArrayList<>(IDS);
        MountFlag[] flags = {NOEXEC};
        config.file("/a", content, 0).temporaryOverlay(lower, "/b").idmappedBind(HOST, "/c", ids, ids).tmpfs("/d",
                flags);
        MountSpec before = new MountConfig(config.spec(), Set.of()).spec();
        content[0] = 9;
        lower.add(Path.of("/more"));
        ids.clear();
        flags[0] = READ_ONLY;

        assertThat(config.spec()).isEqualTo(before);
        assertThat(config.spec().steps()).contains(new MountStep.NewFile("/a", new Content(BYTES), 0));
    }

    @Test
    @SuppressWarnings("NullAway") // what this is about
    void nullIsRefusedAtOnce() {
        List<ThrowingCallable> calls = List.of(() -> config.root(null), () -> config.bind((Path) null, "/x"),
                () -> config.bind((String) null), () -> config.bind(HOST, null),
                () -> config.bind(HOST, "/x", (MountFlag) null), () -> config.proc(null),
                () -> config.file("/x", null, 0), () -> config.symlink(null, "/x"), () -> config.propagation(null),
                () -> config.propagation("/x", null), () -> config.temporaryOverlay(null, "/x"));

        assertThat(calls).allSatisfy(call -> assertThatNullPointerException().isThrownBy(call));
        assertThat(config.spec()).isEqualTo(MountSpec.DEFAULT);
    }

    private static MountStep bind(String source, boolean optional, MountFlag... flags) {
        return new MountStep.Bind(Path.of(source), "/x", null, optional, Set.of(flags), null);
    }

    private static MountStep tmpfs(OptionalLong size, int mode, MountFlag... more) {
        return new MountStep.Tmpfs("/x", size, mode, MountArguments.flags(more, NOSUID, NODEV));
    }
}

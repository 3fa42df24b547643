package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a program is told where this library cannot work. Each test is a JVM of its own. */
@Tag("slow-under-emulation")
class UnsupportedTest {

    private static final String DENY = "--illegal-native-access=deny";

    @Test
    void onTheClassPathTheFlagThatAllowsNativeAccessIsNamed() throws IOException {
        assertThat(ChildJvm.onClassPath().with(DENY).run(Probe.class)).isEqualTo(unsupported(
                "native access is denied to this JVM: start it with --enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void onTheModulePathTheFlagThatAllowsNativeAccessIsNamed() throws IOException {
        assertThat(ChildJvm.onModulePath().with(DENY).run(Probe.class)).isEqualTo(unsupported(
                "native access is denied to this JVM: start it with --enable-native-access=dev.namespaces.ffm"));
    }

    @Test
    void theNamedFlagsDoHelp() throws IOException {
        assertThat(ChildJvm.onClassPath().with(DENY, "--enable-native-access=ALL-UNNAMED").run(Probe.class))
                .isEqualTo(SUPPORTED);
        assertThat(ChildJvm.onModulePath().with(DENY, "--enable-native-access=dev.namespaces.ffm").run(Probe.class))
                .isEqualTo(SUPPORTED);
    }

    @Test
    void onAMacNothingButASpawnFails() throws IOException {
        assertThat(ChildJvm.onClassPath().with("-Dos.name=Mac OS X").run(Probe.class))
                .isEqualTo(unsupported("namespaces need Linux, and this is Mac OS X"));
    }

    @Test
    void onAnUnknownArchitectureNothingButASpawnFails() throws IOException {
        assertThat(ChildJvm.onClassPath().with("-Dos.arch=riscv64").run(Probe.class)).isEqualTo(
                unsupported("namespaces support the architectures amd64 and aarch64, and this is riscv64"));
    }

    @Test
    void whereSigchldIsIgnoredASpawnIsRefusedWithTheRemedy() throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--ignore-signal=CHLD"));
        command.addAll(ChildJvm.onClassPath().with("--enable-native-access=ALL-UNNAMED").command(Probe.class));

        assertThat(Tool.output(new ProcessBuilder(command), 0))
                .contains("supported: false", "unsupported: this JVM was started with SIGCHLD ignored", "trap - CHLD");
    }

    private static final String SUPPORTED = "supported: true\nbuilt: [MOUNT, PID, USER]\nexit value: 0\n";

    private static String unsupported(String why) {
        return "supported: false\nbuilt: [MOUNT, PID, USER]\nunsupported: " + why + "\n";
    }
}

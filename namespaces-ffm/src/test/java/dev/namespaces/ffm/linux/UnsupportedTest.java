package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a program is told where this library cannot work. Each test is a JVM of its own. */
@Tag("slow-under-emulation")
class UnsupportedTest {

    private static final String DENY = "--illegal-native-access=deny";

    @Test
    void onTheClassPathTheFlagThatAllowsNativeAccessIsNamed() throws Exception {
        assertThat(probe().withoutNativeAccess().options(DENY).output()).isEqualTo(unsupported(
                "native access is denied to this JVM: start it with --enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void onTheModulePathTheFlagThatAllowsNativeAccessIsNamed() throws Exception {
        assertThat(probe().onModulePath().withoutNativeAccess().options(DENY).output()).isEqualTo(unsupported(
                "native access is denied to this JVM: start it with --enable-native-access=dev.namespaces.ffm"));
    }

    @Test
    void theNamedFlagsDoHelp() throws Exception {
        assertThat(probe().withoutNativeAccess().options(DENY, "--enable-native-access=ALL-UNNAMED").output())
                .isEqualTo(SUPPORTED);
        assertThat(probe().onModulePath().withoutNativeAccess()
                .options(DENY, "--enable-native-access=dev.namespaces.ffm").output()).isEqualTo(SUPPORTED);
    }

    @Test
    void onAMacNothingButASpawnFails() throws Exception {
        assertThat(probe().withoutNativeAccess().options("-Dos.name=Mac OS X").output())
                .isEqualTo(unsupported("namespaces need Linux, and this is Mac OS X"));
    }

    @Test
    void onAnUnknownArchitectureNothingButASpawnFails() throws Exception {
        assertThat(probe().withoutNativeAccess().options("-Dos.arch=riscv64").output()).isEqualTo(
                unsupported("namespaces support the architectures amd64 and aarch64, and this is riscv64"));
    }

    @Test
    void whereSigchldIsIgnoredASpawnIsRefusedWithTheRemedy() throws Exception {
        assertThat(probe().by("env", "--ignore-signal=CHLD").output())
                .contains("supported: false", "unsupported: this JVM was started with SIGCHLD ignored", "trap - CHLD");
    }

    private static ChildJvm probe() {
        return ChildJvm.of(Probe.class).mergingErrors();
    }

    private static final String SUPPORTED = "supported: true\nbuilt: [MOUNT, PID, USER]\nexit value: 0\n";

    private static String unsupported(String why) {
        return "supported: false\nbuilt: [MOUNT, PID, USER]\nunsupported: " + why + "\n";
    }
}

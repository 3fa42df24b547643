package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Capability;
import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxTest {

    private static final String HEADERS = """
            #include <elf.h>
            #include <fcntl.h>
            #include <linux/audit.h>
            #include <linux/capability.h>
            #include <linux/filter.h>
            #include <linux/if_ether.h>
            #include <linux/if_packet.h>
            #include <linux/magic.h>
            #include <linux/nsfs.h>
            #include <linux/openat2.h>
            #include <linux/sched.h>
            #include <linux/seccomp.h>
            #include <linux/sockios.h>
            #include <net/if.h>
            #include <net/if_arp.h>
            #include <poll.h>
            #include <signal.h>
            #include <sys/epoll.h>
            #include <sys/ioctl.h>
            #include <sys/mman.h>
            #include <sys/mount.h>
            #include <sys/prctl.h>
            #include <sys/resource.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/wait.h>
            #include <unistd.h>
            """;

    /** Of Linux 6.3 and 6.11: headers that are older can say nothing about them. */
    private static final String NEWER_THAN_MOST_HEADERS = """
            #ifndef F_SEAL_EXEC
            #define F_SEAL_EXEC 0x20
            #endif
            #ifndef MFD_EXEC
            #define MFD_NOEXEC_SEAL 8
            #define MFD_EXEC 0x10
            #endif
            #ifndef PIDFD_GET_MNT_NAMESPACE
            #define PIDFD_GET_MNT_NAMESPACE 0xff03
            #endif
            """;

    /** What C calls differently; everything else has the kernel's name. */
    private static final Map<String, String> OTHER_NAMES = Map.of("WALL", "__WALL", "LAST_SIGNAL", "_NSIG - 1",
            "ALL_DESCRIPTORS", "~0U", "LINUX_CAPABILITY_VERSION_3", "_LINUX_CAPABILITY_VERSION_3", "BPF_LD_W_ABS",
            "BPF_LD | BPF_W | BPF_ABS", "BPF_ALU_AND_K", "BPF_ALU | BPF_AND | BPF_K", "BPF_JEQ_K",
            "BPF_JMP | BPF_JEQ | BPF_K", "BPF_RET_K", "BPF_RET | BPF_K");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyConstantHasTheValueThatTheCompilerSays(String architecture) throws IOException {
        Map<String, Long> ours = Constants.of(Linux.class);
        assertThat(ours).containsKeys("CLONE_VM", "SIGCHLD");
        Map<String, String> expressions = new TreeMap<>();
        ours.keySet().forEach(name -> expressions.put(name, OTHER_NAMES.getOrDefault(name, name)));

        assertThat(ours).isEqualTo(asked(architecture, expressions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyKindOfNamespaceHasTheFlagThatTheCompilerSays(String architecture) throws IOException {
        Map<String, Long> ours = new TreeMap<>();
        for (NamespaceKind kind : NamespaceKind.values()) {
            ours.put(kind.name(), kind.cloneFlag());
        }
        Map<String, String> expressions = new TreeMap<>();
        ours.keySet().forEach(name -> expressions.put(name, "CLONE_NEW" + (name.equals("MOUNT") ? "NS" : name)));

        assertThat(ours).isEqualTo(asked(architecture, expressions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyCapabilityHasTheNumberThatTheCompilerSaysAndNoneIsMissing(String architecture) throws IOException {
        Map<String, Long> ours = new TreeMap<>();
        for (Capability capability : Capability.values()) {
            ours.put(capability.kernelName(), (long) capability.number());
        }
        Map<String, String> expressions = new TreeMap<>();
        ours.keySet().forEach(name -> expressions.put(name, name));

        assertThat(ours).isEqualTo(asked(architecture, expressions));
        assertThat(ours.values()).doesNotHaveDuplicates().hasSize(41);
        assertThat(asked(architecture, Map.of("last", "CAP_LAST_CAP")).get("last")).isLessThanOrEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void anExecutableSaysItsArchitecture(String architecture) throws IOException {
        Map<String, String> expressions = Map.of("amd64", "EM_X86_64", "aarch64", "EM_AARCH64");

        assertThat(asked(architecture, expressions)).containsEntry(architecture,
                (long) Abi.of(architecture).orElseThrow().elfMachine());
    }

    @ParameterizedTest
    @CsvSource({"amd64, AUDIT_ARCH_X86_64, AUDIT_ARCH_I386", "aarch64, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM"})
    void everyConventionOfSystemCallsHasTheNumberThatTheCompilerSays(String architecture, String own, String compatible)
            throws IOException {
        List<Abi.Convention> conventions = Abi.of(architecture).orElseThrow().conventions();

        assertThat(asked(architecture, Map.of("own", "(int) " + own, "compatible", "(int) " + compatible)))
                .isEqualTo(Map.of("own", (long) conventions.get(0).audit(), "compatible",
                        (long) conventions.get(1).audit()));
        assertThat(conventions.getFirst().ioctls()).contains(Abi.of(architecture).orElseThrow().number(Sys.IOCTL));
    }

    private Map<String, Long> asked(String architecture, Map<String, String> expressions) throws IOException {
        return new CCompiler(Abi.of(architecture).orElseThrow()).values(directory, HEADERS + NEWER_THAN_MOST_HEADERS,
                expressions);
    }
}

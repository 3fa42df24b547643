package dev.namespaces.ffm.handle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Namespaces on files, made by us and by others. It happens in a JVM that is root in a mount namespace of its own, with a {@code /run} of its own. */
@ExtendWith(LeavesNothingBehind.class)
class PinTest {

    private static final Namespace OWN_RUN = Namespace.builder().user().net()
            .mount(m -> m.tmpfs("/run").directory("/run/netns")).build();

    @Test
    void whatIpNetnsHasMadeIsOpened() throws Exception {
        Tool.find("ip");

        assertThat(says("ofIpNetns")).isEqualTo("""
                kind NET
                the id that stat says: true
                the name that ip netns exec says: true
                not the caller's: true""");
    }

    @Test
    void whatIsPinnedLivesOnAndIsFoundByOthers() throws Exception {
        Tool.find("ip");
        Tool.find("nsenter");

        assertThat(says("pinned")).isEqualTo("""
                nsenter: true
                ip netns list: pinned
                ip netns exec: true
                opened again: true
                file after unpin: false
                mounts of namespaces after unpin: 0""");
    }

    @Test
    void whatIsThereAlreadyIsLeftAsItIs() throws Exception {
        assertThat(says("onWhatExists")).isEqualTo("""
                cannot pin net:[N] on /run/netns/file: File exists (EEXIST)
                its content: mine
                cannot pin net:[N] on /run/netns/link: File exists (EEXIST)
                cannot pin net:[N] on /run/netns/none/file: No such file or directory (ENOENT)
                in the folder: [file, link]
                mounts of namespaces: 0""");
    }

    @Test
    void onlyANamespaceIsUnpinned() throws Exception {
        assertThat(says("unpinOthers")).isEqualTo("""
                cannot unpin /run/netns/file: Invalid argument (EINVAL); no namespace is mounted there
                its content: mine
                cannot unpin /run: Invalid argument (EINVAL); no namespace is mounted there
                cannot unpin /proc/self/ns/net: Invalid argument (EINVAL); no namespace is mounted there
                cannot unpin /run/netns/none: No such file or directory (ENOENT)
                cannot unpin /run/netns/link: Invalid argument (EINVAL); no namespace is mounted there
                mounts of namespaces: 1""");
    }

    @Test
    void aMountNamespaceIsRefusedWhereMountsAreShared() throws Exception {
        assertThat(says("mountNamespace")).isEqualTo(
                """
                        cannot pin mnt:[N] on /run/own: Invalid argument (EINVAL); a mount namespace is only accepted where mounts are not shared \
                        (mount --make-private), and never inside itself or a younger one
                        cannot pin mnt:[N] on /run/shared/child: Invalid argument (EINVAL); a mount namespace is only accepted where mounts are not shared \
                        (mount --make-private), and never inside itself or a younger one
                        where mounts are private: true
                        in the shared folder: []
                        on another file: false""");
    }

    @Test
    void anOrdinaryUserIsToldWhatItTakes() throws Exception {
        String said = ChildJvm.of(Pinning.class, "withoutRights").asOrdinaryUser().output();

        assertThat(Pinning.anonymous(said)).isEqualToIgnoringNewLines(
                """
                        cannot open the namespace /proc/1/ns/net: Permission denied (EACCES); to look into a process of another user, or of more privileges, takes CAP_SYS_PTRACE
                        cannot open the namespace net of process 1: Permission denied (EACCES); to look into a process of another user, or of more privileges, takes CAP_SYS_PTRACE
                        cannot pin net:[N] on FOLDER/pin: Operation not permitted (EPERM); it takes CAP_SYS_ADMIN over this mount namespace, which this process lacks
                        in the folder: []
                        """);
    }

    private static String says(String scenario) throws Exception {
        return Pinning.anonymous(
                Child.says(OWN_RUN, Command.of(ChildJvm.of(Pinning.class, scenario).command()).directory("/")));
    }
}

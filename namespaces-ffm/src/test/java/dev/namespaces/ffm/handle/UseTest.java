package dev.namespaces.ffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Proc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handle's descriptor in the hands of those who use it, while another closes the handle. */
@ExtendWith(LeavesNothingBehind.class)
class UseTest {

    private static final int USERS = 4;
    private static final int HANDLES = 200;

    @Test
    void theDescriptorStaysOpenUntilItsLastUseIsOver() throws Exception {
        Handle handle = open();
        Handle.Use use = handle.use();
        handle.close();

        assertThat(Proc.descriptors(Proc.SELF)).containsEntry(use.descriptor(), handle.toString());
        assertThatIllegalStateException().isThrownBy(handle::use)
                .withMessage("the handle of " + handle + " is closed");
        use.close();
        use.close();
        assertThat(Proc.descriptors(Proc.SELF)).doesNotContainKey(use.descriptor());
    }

    @RepeatedTest(3)
    void nobodyUsesADescriptorThatIsClosed() throws Exception {
        try (ExecutorService users = Executors.newFixedThreadPool(USERS)) {
            for (int i = 0; i < HANDLES; i++) {
                Handle handle = open();
                List<Future<Boolean>> outcomes = new ArrayList<>();
                for (int user = 0; user < USERS; user++) {
                    outcomes.add(users.submit(() -> useUntilClosed(handle)));
                }
                handle.close();
                for (Future<Boolean> outcome : outcomes) {
                    assertThat(outcome.get()).as("was open in every use").isTrue();
                }
            }
        }
    }

    private static boolean useUntilClosed(Handle handle) {
        while (true) {
            try (Handle.Use use = handle.use()) {
                if (Syscalls.fcntl(use.descriptor(), Linux.F_GETFD, 0) != Linux.FD_CLOEXEC) {
                    return false;
                }
            } catch (IllegalStateException _) {
                return true;
            }
        }
    }

    private static Handle open() throws NamespaceException {
        return (Handle) NamespaceHandle.ofCurrentThread(NamespaceKind.UTS);
    }
}

package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NamespaceSnapshotTest {

    private static final NamespaceSnapshot SNAPSHOT = new NamespaceSnapshot(
            List.of(pid(1, 0), pid(2, 1), pid(3, 2), pid(4, 1), pid(6, 5), pid(7, 6)), List.of());

    @Test
    void namespacesAreNestedAsTheirParentsSayAndWhatHasNoParentInSightIsARoot() {
        assertThat(text(SNAPSHOT.trees(NamespaceKind.PID))).isEqualTo("1(2(3()) 4()) 6(7())");
    }

    @Test
    void thereIsNoTreeOfAKindThatWasNotSeen() {
        assertThat(SNAPSHOT.trees(NamespaceKind.USER)).isEmpty();
    }

    @Test
    void onlyUserAndPidNamespacesAreNested() {
        assertThatIllegalArgumentException().isThrownBy(() -> SNAPSHOT.trees(NamespaceKind.MOUNT))
                .withMessage("only user and pid namespaces are nested, not those of kind MOUNT");
    }

    @Test
    void aNamespaceIsFoundByItsId() {
        assertThat(SNAPSHOT.find(new NamespaceId(4, 3))).contains(pid(3, 2));
        assertThat(SNAPSHOT.find(new NamespaceId(5, 3))).isEmpty();
        assertThat(SNAPSHOT.ofKind(NamespaceKind.PID)).hasSize(6);
        assertThat(SNAPSHOT.ofKind(NamespaceKind.NET)).isEmpty();
    }

    private static NamespaceInfo pid(long inode, long parent) {
        Optional<NamespaceId> above = parent == 0 ? Optional.empty() : Optional.of(new NamespaceId(4, parent));
        return new NamespaceInfo(NamespaceKind.PID, new NamespaceId(4, inode), Optional.empty(), above, 1,
                OptionalLong.of(inode), List.of(), OptionalLong.empty());
    }

    private static String text(List<NamespaceTree> trees) {
        return trees.stream().map(tree -> tree.namespace().id().inode() + "(" + text(tree.children()) + ")")
                .collect(Collectors.joining(" "));
    }
}

package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.spi.RunAsSpec;
import dev.namespaces.spi.UserSpec;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserConfigTest {

    private static final long LARGEST = 4_294_967_294L;

    private final UserConfig config = new UserConfig(UserSpec.DEFAULT);

    @Test
    void rangesAccumulateForBothKindsOrForOne() {
        UserSpec spec = config.map(0, 1000, 1).mapUsers(1, 2000, 10).mapGroups(1, 3000, 20).spec();

        assertThat(spec.mapping()).isEqualTo(UserSpec.Mapping.RANGES);
        assertThat(spec.users()).containsExactly(new IdRange(0, 1000, 1), new IdRange(1, 2000, 10));
        assertThat(spec.groups()).containsExactly(new IdRange(0, 1000, 1), new IdRange(1, 3000, 20));
    }

    @Test
    void aMapOfAnotherSortTakesThePlaceOfTheRanges() {
        assertThat(config.map(0, 1, 1).mapRoot().spec()).isEqualTo(UserSpec.DEFAULT);
        assertThat(config.map(0, 1, 1).mapSubordinate().spec().users()).isEmpty();
        assertThat(config.map(5, 6, 1).spec().users()).containsExactly(new IdRange(5, 6, 1));
    }

    @Test
    void whatElseWasSaidOutlivesAChangeOfMaps() {
        UserSpec spec = config.denySetgroups().forbidNestedUserNamespaces().map(0, 1, 1).mapCurrent().spec();

        assertThat(spec.denySetgroups()).isTrue();
        assertThat(spec.forbidNested()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 5000, 1", "9, 5000, 5", "5000, 1000, 1", "5000, 1009, 5", "0, 0, 4294967295"})
    void anOverlapOnEitherSideIsRefusedAndChangesNothing(long inside, long outside, long count) {
        config.map(0, 1000, 10);

        assertThatIllegalArgumentException().isThrownBy(() -> config.mapUsers(inside, outside, count))
                .withMessage("ranges of user ids overlap: \"0 1000 10\" and \"" + inside + " " + outside + " " + count
                        + "\"");
        assertThatIllegalArgumentException().isThrownBy(() -> config.mapGroups(inside, outside, count))
                .withMessageStartingWith("ranges of group ids overlap");
        assertThat(config.spec().users()).hasSize(1);
        assertThat(config.spec().groups()).hasSize(1);
    }

    @Test
    void neighboursDoNotOverlap() {
        assertThat(config.map(0, 1000, 10).map(10, 1010, 10).map(20, 990, 10).spec().users()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 0, -1", "-1, 0, 1", "0, -1, 1", "4294967295, 0, 1", "0, 4294967295, 1",
            "1, 0, 4294967295", "0, 1, 9223372036854775807", "9223372036854775807, 0, 1"})
    void aRangeThatIsEmptyOrGoesTooFarIsRefused(long inside, long outside, long count) {
        assertThatIllegalArgumentException().isThrownBy(() -> config.map(inside, outside, count));
        assertThat(config.spec()).isEqualTo(UserSpec.DEFAULT);
    }

    @Test
    void theLargestIdIsTaken() {
        assertThat(config.map(LARGEST, LARGEST, 1).spec().users()).hasSize(1);
    }

    @Test
    void thereAreAtMost340Ranges() {
        for (int i = 0; i < 340; i++) {
            config.map(i, 1000 + i, 1);
        }

        assertThatIllegalArgumentException().isThrownBy(() -> config.map(340, 2000, 1))
                .withMessageContaining("340 ranges of user ids");
        assertThat(config.spec().users()).hasSize(340);
    }

    // ---- what only build() can tell

    @Test
    void usersWithoutGroupsAndTheOtherWayRoundAreRefused() {
        assertRefused(user -> user.mapUsers(0, 1000, 1), "no group id is mapped");
        assertRefused(user -> user.mapGroups(0, 1000, 1), "no user id is mapped");
    }

    private static void assertRefused(Consumer<UserConfig> maps, String message) {
        NamespaceBuilder builder = Namespace.builder().user(maps);

        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining(message);
    }

    @Test
    void anIdThatNoRangeCoversIsRefused() {
        NamespaceBuilder builder = Namespace.builder().user(user -> user.mapUsers(0, 1000, 10).mapGroups(0, 1000, 5));

        assertThatIllegalStateException().isThrownBy(() -> builder.runAs(10, 0).build())
                .withMessage("the command cannot run as user 10: that id inside is in no range that is mapped");
        assertThatIllegalStateException().isThrownBy(() -> builder.runAs(9, 5).build())
                .withMessageContaining("group 5");
        assertThatIllegalStateException().isThrownBy(() -> builder.runAs(9, 4, 3, 7).build())
                .withMessageContaining("group 7");
        assertThat(builder.runAs(9, 4, 3).build()).isNotNull();
    }

    @Test
    void asRootAloneTheCommandCanBeNobodyElse() {
        NamespaceBuilder builder = Namespace.builder().user();

        assertThatIllegalStateException().isThrownBy(() -> builder.runAs(1, 0).build()).withMessageContaining("user 1");
        assertThat(builder.runAs(0, 0).build()).isNotNull();
    }

    @Test
    void supplementaryGroupsAreRefusedWhereSetgroupsIsDenied() {
        assertThatIllegalStateException().isThrownBy(() -> Namespace.builder().user().runAs(0, 0, 0).build())
                .withMessageContaining("setgroups");
        assertThatIllegalStateException().isThrownBy(() -> Namespace.builder()
                .user(user -> user.map(0, 1000, 10).denySetgroups()).runAs(0, 0, 1).build())
                .withMessageContaining("setgroups");
    }

    @Test
    void withoutAUserNamespaceMapsDoNotCount() {
        assertThat(Namespace.builder().runAs(7, 8, 9).build()).isNotNull();
    }

    @Test
    void negativeIdsAreRefusedAtOnce() {
        NamespaceBuilder builder = Namespace.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.runAs(-1, 0))
                .withMessage("a user id must not be negative: -1");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.runAs(0, -1)).withMessageContaining("group");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.runAs(0, 0, 1, -5)).withMessageContaining("-5");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.runAs(0, 0, new int[65537]))
                .withMessageContaining("65536");
    }

    @Test
    void theLastWordOnWhoTheCommandIsCounts() {
        assertThat(Objects.requireNonNull(Namespace.builder().runAs(1, 2, 3).runAs(4, 5).spec().runAs()))
                .isEqualTo(new RunAsSpec(4, 5, List.of()));
    }
}

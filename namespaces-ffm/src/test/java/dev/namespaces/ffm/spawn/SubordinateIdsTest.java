package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubordinateIdsTest {

    private static final Account ALICE = new Account(1000, "alice");

    @Test
    void linesByNameAndByNumberCountInTheirOrder() throws Exception {
        assertThat(parse("alice:200000:10\nbob:5:5\n1000:100000:20\n").ranges()).containsExactly(
                new SubordinateIds.Range(200_000, 10), new SubordinateIds.Range(100_000, 20));
    }

    @Test
    void theLastLineNeedsNoEnd() throws Exception {
        assertThat(parse("alice:200000:10").ranges()).hasSize(1);
        assertThat(parse("").ranges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "alice:", "alice::", "alice:1", "alice:1:", "alice::1", "alice:1:0", "alice:-1:1",
            "alice:+1:1", "alice:0x0:1", "alice:1:1:", "alice:1:1:1", "alice:1 :1", "alice: 1:1", "alice:1:1 ",
            " alice:1:1", "alice :1:1", "alice:1:1\r", "alice:4294967295:1", "alice:1:4294967295",
            "alice:99999999999999999999:1", "alice:1:18446744073709551617", "alice:1e3:1", "alice:١:1", "1000:", "1000",
            "01000:x:1", "1000:1:-1"})
    void aLineOfTheUsersThatIsNotUnderstoodIsRefused(String line) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> parse("bob:1:1\n" + line + "\n"))
                .withMessageContaining("line 2 of /etc/subuid").withMessageContaining("EINVAL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "bob:", "bob:x:y", "# alice", "", ":", "::", "alicea:x:1", "10000:x:1", "al:ice:1"})
    void linesOfOthersDoNotMatter(String line) throws Exception {
        assertThat(parse(line + "\nalice:7:8\n").ranges()).containsExactly(new SubordinateIds.Range(7, 8));
    }

    @Test
    void whateverALineIsItIsReadAsItStandsOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = ":0123456789 -+xa\t";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder rest = new StringBuilder();
            for (int length = random.nextInt(14); length > 0; length--) {
                rest.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String line = "alice:" + rest;
            try {
                SubordinateIds.Range range = parse(line).ranges().getFirst();
                String[] numbers = line.split(":", -1);
                assertThat(new long[]{range.first(), range.count()}).as("%s, seed %d", line, seed)
                        .containsExactly(Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
            } catch (NamespaceException e) {
                assertThat(e.errnoName()).isEqualTo("EINVAL");
            }
        }
    }

    @Test
    void theyAreMappedOneBehindTheOtherBelowRoot() throws Exception {
        assertThat(parse("alice:200000:10\nalice:100000:20\n").below(1000)).containsExactly(new IdRange(0, 1000, 1),
                new IdRange(1, 200_000, 10), new IdRange(11, 100_000, 20));
    }

    @Test
    void whoeverIsGrantedNothingIsToldHowToGrantIt() {
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> parse("bob:100000:65536\n").below(1000))
                .withMessageContaining("/etc/subuid grants nothing to alice")
                .satisfies(e -> assertThat(e.remedy().orElse(""))
                        .contains("usermod --add-subuids 165536-231071 alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice:5:10\nalice:14:1", "alice:5:10\nalice:5:10", "alice:1000:1", "alice:0:4294967295"})
    void whatOverlapsIsRefused(String lines) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> parse(lines).below(1000))
                .withMessageContaining("overlaps");
    }

    @Test
    void aRangeMayGoOverSeveralLines() throws Exception {
        SubordinateIds ids = parse("alice:110:10\nalice:100:10\n");

        ids.require(new IdRange(0, 100, 20));
        ids.require(new IdRange(0, 115, 5));
        for (IdRange range : List.of(new IdRange(0, 99, 1), new IdRange(0, 100, 21), new IdRange(0, 120, 1))) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> ids.require(range))
                    .withMessageContaining("[110-119, 100-109]").withMessageContaining("usermod --add-subuids");
        }
    }

    private static SubordinateIds parse(String text) throws NamespaceException {
        return SubordinateIds.parse(IdMap.Kind.USER, ALICE, text);
    }
}

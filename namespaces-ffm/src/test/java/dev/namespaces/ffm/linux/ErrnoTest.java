package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnoTest {

    private static final int LARGEST = 4095; // MAX_ERRNO of the kernel

    @TempDir
    Path directory;

    @Test
    void everyNumberHasTheNameThatTheCompilerKnows() throws IOException {
        Path source = Files.writeString(directory.resolve("errno.c"), "#include <errno.h>\n");
        Map<Integer, String> names = new TreeMap<>();
        Pattern.compile("^#define (E\\w+) (\\d+)$", Pattern.MULTILINE)
                .matcher(Tool.run(Tool.find("cc"), "-dM", "-E", source)).results()
                .forEach(macro -> names.put(Integer.valueOf(macro.group(2)), macro.group(1)));
        assertThat(names).containsEntry(2, "ENOENT");

        for (int number = 1; number <= LARGEST; number++) {
            assertThat(Errno.name(number)).isEqualTo(names.getOrDefault(number, "errno " + number));
        }
    }

    @Test
    void everyNumberHasTheMeaningThatGlibcGivesInEnglish() throws IOException {
        Path source = Files.writeString(directory.resolve("meanings.c"), """
                #include <stdio.h>
                #include <string.h>
                int main(void) {
                #ifdef __GLIBC__
                    for (int number = 1; number <= 134; number++) printf("%d %s\\n", number, strerror(number));
                #endif
                }
                """);
        Path program = directory.resolve("meanings");
        Tool.run(Tool.find("cc"), "-o", program, source);

        Tool.run(program).lines().map(line -> line.split(" ", 2)).forEach(row -> {
            String glibc = row[1].replaceFirst("^(Unknown error) \\d+$", "$1");
            assertThat(Errno.text(Integer.parseInt(row[0]))).isEqualTo(glibc);
        });
    }

    @Test
    void everyConstantHasTheNumberOfItsName() {
        Map<String, Long> constants = Constants.of(Errno.class);
        assertThat(constants).containsEntry("EPERM", 1L);

        assertThat(constants).allSatisfy((name, number) -> assertThat(Errno.name(number.intValue())).isEqualTo(name));
    }

    @Test
    void aNumberThatLinuxDoesNotHaveIsShownAsANumber() {
        for (int number : new int[]{Integer.MIN_VALUE, -1, 0, 41, 58, 134, 4711}) {
            assertThat(Errno.name(number)).isEqualTo("errno " + number);
            assertThat(Errno.text(number)).isEqualTo("Unknown error");
        }
    }
}

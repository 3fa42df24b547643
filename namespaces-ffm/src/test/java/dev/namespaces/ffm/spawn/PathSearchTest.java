package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which program a name without a slash stands for: as execvp(3) finds it, in the command's own PATH. */
@ExtendWith(LeavesNothingBehind.class)
class PathSearchTest {

    private static final String NAME = "program-of-this-test";

    @TempDir
    Path folder;

    private Path first = Path.of("");
    private Path second = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theCommandsOwnPathCountsAndItsFirstFolderThatHasTheProgramWins(Way way) throws Exception {
        program(first, "one");
        program(second, "two");

        assertThat(Child.says(way.builder(), searching(first, second))).isEqualTo("one");
        assertThat(Child.says(way.builder(), searching(second, first))).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void foldersWithoutItAndFoldersThatAreNoneArePassedOver(Way way) throws Exception {
        program(second, "two");
        Path missing = folder.resolve("missing");
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(Child.says(way.builder(), searching(missing, file, first, second))).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void afterAFileThatMayNotBeExecutedTheSearchGoesOn(Way way) throws Exception {
        Files.createFile(first.resolve(NAME));
        program(second, "two");

        assertThat(Child.says(way.builder(), searching(first, second))).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRefusedPermissionIsRememberedIfNothingElseIsFound(Way way) throws Exception {
        Files.createFile(first.resolve(NAME));

        assertRefused(way, searching(first, second), "EACCES");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void afterAFolderOfTheProgramsNameTheSearchGoesOn(Way way) throws Exception {
        Files.createDirectory(first.resolve(NAME));
        program(second, "two");

        assertThat(Child.says(way.builder(), searching(first, second))).isEqualTo("two");
        assertRefused(way, searching(first), "EACCES");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anEmptyElementMeansTheWorkingDirectory(Way way) throws Exception {
        program(first, "one");
        Command command = Command.of(NAME).directory(first.toString());

        assertThat(Child.says(way.builder(), command.environment("PATH", ":" + second))).isEqualTo("one");
        assertThat(Child.says(way.builder(), command.environment("PATH", second + "::" + folder))).isEqualTo("one");
        assertThat(Child.says(way.builder(), command.environment("PATH", second + ":"))).isEqualTo("one");
        assertThat(Child.says(way.builder(), command.environment("PATH", ""))).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRelativeElementCountsFromTheWorkingDirectoryInside(Way way) throws Exception {
        program(first, "one");

        assertThat(Child.says(way.builder(),
                Command.of(NAME).directory(folder.toString()).environment("PATH", "second:first"))).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void withoutPathTheSystemsFoldersAreSearched(Way way) throws Exception {
        assertThat(Child.says(way.builder(), Command.of("sh", "-c", "echo $0").emptyEnvironment())).isEqualTo("sh");
        assertThat(Child.says(way.builder(), Command.of("sh", "-c", "echo $0").withoutEnvironment("PATH")))
                .isEqualTo("sh");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aNameWithASlashIsNotSearchedFor(Way way) throws Exception {
        program(first, "one");
        Command command = Command.of("./" + NAME).environment("PATH", first.toString());

        assertThat(Child.says(way.builder(), command.directory(first.toString()))).isEqualTo("one");
        assertRefused(way, command.directory(second.toString()), "ENOENT");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileOfNoKnownFormatEndsTheSearchAndIsNotHandedToAShell(Way way) throws Exception {
        executable(first, "echo from a shell\n");
        program(second, "two");

        assertRefused(way, searching(first, second), "ENOEXEC");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void foldersAndNamesNeedNotBeAscii(Way way) throws Exception {
        Path umlauts = Files.createDirectory(folder.resolve("Gerät 🚀"));
        Path file = program(umlauts, "three");
        Files.move(file, umlauts.resolve("größe"));

        assertThat(Child.says(way.builder(), Command.of("größe").environment("PATH", first + ":" + umlauts)))
                .isEqualTo("three");
    }

    private void assertRefused(Way way, Command command, String errno) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> way.builder().spawn(command))
                .satisfies(e -> {
                    assertThat(e.step()).isEqualTo(Step.EXECUTE);
                    assertThat(e.errnoName()).isEqualTo(errno);
                });
    }

    private static Command searching(Path... folders) {
        StringBuilder path = new StringBuilder();
        for (Path element : folders) {
            path.append(path.isEmpty() ? "" : ":").append(element);
        }
        return Command.of(NAME).environment("PATH", path.toString());
    }

    private static Path program(Path where, String output) throws IOException {
        return executable(where, "#!/bin/sh\necho " + output + "\n");
    }

    private static Path executable(Path where, String content) throws IOException {
        Path file = Files.writeString(where.resolve(NAME), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

package dev.namespaces.examples;

import static dev.namespaces.NamespaceKind.USER;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.UserConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say who the command is. */
final class IdentityOptions {

    @Option(names = "--map-root", description = "be root in the user namespace; the default")
    private boolean mapRoot;

    @Option(names = "--map-current", description = "keep user and group in the user namespace")
    private boolean mapCurrent;

    @Option(names = "--uid", paramLabel = "UID", description = "be this user in the user namespace; the group keeps its id unless --gid is given")
    private @Nullable String uid;

    @Option(names = "--gid", paramLabel = "GID", description = "be this group in the user namespace; the user keeps its id unless --uid is given")
    private @Nullable String gid;

    @Option(names = "--map-users", paramLabel = "INNER:OUTER:COUNT", description = "map a range of user ids; may come again")
    private List<String> users = new ArrayList<>();

    @Option(names = "--map-groups", paramLabel = "INNER:OUTER:COUNT", description = "map a range of group ids; may come again")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--map-auto", description = "be root in the user namespace, with all subordinate ids from 1 on")
    private boolean mapAuto;

    @Option(names = "--run-as", paramLabel = "UID[:GID[,GROUP...]]", description = "run as this user, this group (by default the one with the user's"
            + " number), and these supplementary groups alone: ids inside, if there is a user namespace")
    private @Nullable String runAs;

    @Option(names = "--disable-userns", description = "keep the command from creating user namespaces; needs --unshare-user")
    private boolean disableUserNamespaces;

    @Option(names = "--assert-userns-disabled", description = "fail unless the command cannot create user namespaces: with --disable-userns,"
            + " or if ns cannot either and is not root")
    private boolean assertDisabled;

    /** Says what was asked for; an implied user namespace is nobody's wish, and keeps user and group. */
    void apply(CommandLine line, NamespaceBuilder builder, Set<NamespaceKind> kinds, boolean implied)
            throws IOException {
        boolean ids = uid != null || gid != null;
        boolean ranges = !users.isEmpty() || !groups.isEmpty();
        boolean maps = mapRoot || mapCurrent || ids || ranges || mapAuto;
        boolean user = kinds.contains(USER);
        KindOptions.require(line, !(mapRoot || mapCurrent) || user, "--map-root and --map-current need --unshare-user");
        KindOptions.require(line, !ids || user, "--uid and --gid need --unshare-user");
        KindOptions.require(line, !(ranges || mapAuto) || user,
                "--map-users, --map-groups and --map-auto need --unshare-user");
        KindOptions.require(line,
                Stream.of(mapRoot, mapCurrent, ids, ranges, mapAuto).filter(given -> given).count() < 2,
                "--map-root, --map-current, --map-users with --map-groups, --map-auto, and --uid with --gid exclude each other");
        KindOptions.require(line, users.isEmpty() == groups.isEmpty(), "--map-users and --map-groups need each other");
        KindOptions.require(line, !disableUserNamespaces || user, "--disable-userns needs --unshare-user");
        if (user) {
            map(builder, implied && !maps);
        }
        if (disableUserNamespaces) {
            builder.user(UserConfig::forbidNestedUserNamespaces);
        }
        if (runAs != null) {
            Numbers.RunAs as = Numbers.RunAs.parse(runAs);
            builder.runAs(as.user(), as.group(), as.supplementary().stream().mapToInt(Integer::intValue).toArray());
        }
        if (assertDisabled && !disableUserNamespaces) {
            UserNamespaces.requireDisabled();
        }
    }

    private void map(NamespaceBuilder builder, boolean unasked) throws IOException {
        if (mapCurrent || unasked) {
            builder.user(UserConfig::mapCurrent);
        } else if (mapAuto) {
            builder.user(UserConfig::mapSubordinate);
        } else if (uid != null || gid != null) {
            long user = Caller.user();
            long group = Caller.group();
            long userInside = uid == null ? user : Numbers.id("--uid", uid);
            long groupInside = gid == null ? group : Numbers.id("--gid", gid);
            builder.user(config -> config.mapUsers(userInside, user, 1).mapGroups(groupInside, group, 1));
        } else {
            for (String text : users) {
                IdRange range = Numbers.range(text);
                builder.user(config -> config.mapUsers(range.inside(), range.outside(), range.count()));
            }
            for (String text : groups) {
                IdRange range = Numbers.range(text);
                builder.user(config -> config.mapGroups(range.inside(), range.outside(), range.count()));
            }
        }
    }
}

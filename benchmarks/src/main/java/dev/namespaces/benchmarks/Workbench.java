package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Plot;
import dev.namespaces.benchmarks.report.Row;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a scenario works with, and where it puts what it finds. Whatever it has opened is closed with it. */
final class Workbench implements Closeable {

    private final Effort effort;
    private final CPrograms programs;
    private final Consumer<String> progress;
    private final Deque<Closeable> opened = new ArrayDeque<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Plot> plots = new ArrayList<>();

    Workbench(Effort effort, CPrograms programs, Consumer<String> progress) {
        this.effort = effort;
        this.programs = programs;
        this.progress = progress;
    }

    Effort effort() {
        return effort;
    }

    CPrograms programs() {
        return programs;
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    List<Plot> plots() {
        return List.copyOf(plots);
    }

    void add(Row row) {
        rows.add(row);
    }

    void add(Plot plot) {
        plots.add(plot);
    }

    /** Says what is done next, for about as long as a contest takes. */
    void begin(String what) {
        progress.accept(what);
    }

    /** Says what cannot be measured here. */
    void missing(String what, String why) {
        add(Row.missing(what, why));
    }

    /** Holds a contest. */
    Row hold(Contest contest) throws IOException, InterruptedException {
        Row row = measure(contest, 1);
        add(row);
        return row;
    }

    /** Holds a contest of several times the usual length, whose row is not shown as it is. */
    Row measure(Contest contest, int length) throws IOException, InterruptedException {
        begin(contest.what());
        return contest.run(effort.contest().multipliedBy(length));
    }

    /** Holds a contest with another program's sandbox, if that can be had. */
    void holdBeside(Peer peer, String what, Side ours, @Nullable Goal goal) throws IOException, InterruptedException {
        String whyNot = peer.whyNot();
        if (!whyNot.isEmpty()) {
            missing(what + ", beside " + peer.name(), whyNot);
            return;
        }
        Side theirs = Side.of(peer.spawn(), Endpoint.EXIT_SEEN);
        hold(Contest.of(what, Endpoint.EXIT_SEEN, peer.name() + " by ProcessBuilder", theirs, ours).to(goal)
                .noting(peer.note()));
    }

    /** The floor in C; see {@code floor.c} for its words. */
    Side floor(Endpoint endpoint, List<String> words) throws IOException, InterruptedException {
        return floor(words).side(endpoint.number());
    }

    /** The floor in C, for its other requests. */
    Helper floor(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(programs.floor().toString()));
        command.addAll(words);
        return closing(Helper.start(command));
    }

    <T extends Closeable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}

package dev.namespaces.benchmarks.report;

import java.util.List;

/**
 * Lines to be drawn.
 *
 * @param title what they show
 * @param x what goes to the right
 * @param y what goes up
 * @param logarithmicX whether the scale to the right is
 * @param logarithmicY whether the scale upwards is
 * @param lines the lines
 */
public record Plot(String title, String x, String y, boolean logarithmicX, boolean logarithmicY,
        List<Line> lines) {

    /** One line: its points from the left. */
    public record Line(String name, List<Double> x, List<Double> y) {}
}

"use strict";

const report = JSON.parse(document.getElementById("report").textContent);
const OURS = "#1f5fbf";
const COLOURS = ["#7a8699", "#c2570c", "#14713d"];
const PERCENTILES = [[5, "p50"], [7, "p90"], [9, "p99"], [10, "p99.9"]];
const FRACTIONS = [0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 100];

function element(parent, name, text, classes) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (classes) made.className = classes;
    parent.append(made);
    return made;
}

function number(value) {
    return value === 0 ? "0" : String(Number(value.toPrecision(value >= 1000 ? Math.ceil(Math.log10(value)) : 3)));
}

function figure(figure) {
    if (!figure) return "";
    return figure.unit === "×" ? figure.value.toFixed(3) : number(figure.value) + " " + figure.unit;
}

function interval(figure) {
    if (!figure || figure.low === figure.high) return "";
    return figure.low.toFixed(3) + " to " + figure.high.toFixed(3);
}

function verdict(row) {
    if (!row.figure) return ["not measured", ""];
    if (!row.goal) return ["", ""];
    const met = row.goal.atMost ? row.figure.value <= row.goal.bound : row.figure.value >= row.goal.bound;
    return met ? ["met", "met"] : ["falls short", "short"];
}

/* Lines of points whose x differ: uPlot wants one x for all. */
function draw(parent, plot) {
    const xs = [...new Set(plot.lines.flatMap(line => line.x))].sort((a, b) => a - b);
    const ys = plot.lines.map(line => xs.map(x => {
        const at = line.x.indexOf(x);
        return at < 0 ? null : line.y[at];
    }));
    const fromZero = (_, low, high) => [0, high * 1.1 || 1];
    new uPlot({
        title: plot.title, width: 560, height: 300,
        scales: {x: {time: false, distr: plot.logarithmicX ? 3 : 1}, y: plot.logarithmicY ? {distr: 3} : {range: fromZero}},
        axes: [{label: plot.x}, {label: plot.y, size: 70}],
        series: [{label: plot.x}, ...plot.lines.map((line, i) => ({
            label: line.name, stroke: line.name === "ours" ? OURS : COLOURS[i % COLOURS.length], width: 2, spanGaps: true, points: {show: true, size: 5},
        }))],
    }, [xs, ...ys], parent);
}

function drawDistribution(parent, row) {
    draw(parent, {
        title: row.what + ", beside " + row.beside, x: "percentile", y: "µs", logarithmicY: true,
        lines: [{name: row.beside, x: FRACTIONS, y: row.a.quantiles}, {name: "ours", x: FRACTIONS, y: row.b.quantiles}],
    });
}

function addRow(table, row, plots) {
    const line = element(table, "tr");
    element(line, "td", row.what);
    element(line, "td", row.endpoint);
    element(line, "td", row.beside);
    for (const [at] of PERCENTILES) {
        element(line, "td", row.a ? number(row.a.quantiles[at]) + " / " + number(row.b.quantiles[at]) : "", "number");
    }
    element(line, "td", figure(row.figure), "number");
    element(line, "td", interval(row.figure), "number");
    element(line, "td", row.goal ? (row.goal.atMost ? "≤ " : "≥ ") + row.goal.bound : "", "number");
    const [words, classes] = verdict(row);
    element(line, "td", words, classes);
    if (row.a) {
        line.classList.add("clickable");
        line.addEventListener("click", () => drawDistribution(plots, row), {once: true});
    }
}

function addScenario(parent, scenario) {
    element(parent, "h2", scenario.id + ": " + scenario.title);
    const table = element(parent, "table");
    const head = element(table, "tr");
    ["what", "until", "beside"].forEach(word => element(head, "th", word));
    PERCENTILES.forEach(([, name]) => element(head, "th", name + ", its / ours", "number"));
    ["result", "95 %", "goal"].forEach(word => element(head, "th", word, "number"));
    element(head, "th");
    const plots = document.createElement("div");
    plots.className = "plots";
    scenario.rows.forEach(row => addRow(table, row, plots));
    new Set(scenario.rows.filter(row => row.note).map(row => (row.beside ? "" : row.what + ": ") + row.note))
        .forEach(note => element(parent, "div", note, "note"));
    parent.append(plots);
    const measured = scenario.rows.find(row => row.a);
    if (measured && scenario.plots.length === 0) drawDistribution(plots, measured);
    scenario.plots.forEach(plot => draw(plots, plot));
}

document.getElementById("run").textContent = "Run of " + report.started + ", " + report.effort + ", " + number(report.minutes) + " minutes.";
for (const [name, value] of Object.entries(report.machine)) {
    element(document.getElementById("machine"), "dt", name);
    element(document.getElementById("machine"), "dd", value);
}
report.scenarios.forEach(scenario => addScenario(document.getElementById("scenarios"), scenario));

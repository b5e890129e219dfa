using Quincunx.Inference.Experiments;
using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Tests.Runs.Reports;

/// <summary>Every figure, with small ordinary inputs and in the corners where drawing code breaks.</summary>
public static class FigureCases
{
    private const string Awkward = "a <b>&\"quoted\"</b> 'name' µ² 粒子 \u0001\ud800 ]]> , that goes on and on and on, well past any margin";

    public static TheoryData<string> Names => [.. All().Select(c => c.Name)];

    /// <summary>Those whose SVG and CSV are approved texts.</summary>
    public static TheoryData<string> GoldenNames => [.. All().Where(c => c.IsGolden).Select(c => c.Name)];

    public static IFigure Get(string name) => All().Single(c => c.Name == name).Make();

    /// <summary>Standard normal values by Box and Muller, of these tests' own making: figures should not hang on the library's samplers.</summary>
    public static double[] Normal(int count, string label)
    {
        Rng rng = new Rng(5).Split(label);
        return [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - rng.NextDouble())) * Math.Cos(2 * Math.PI * rng.NextDouble()))];
    }

    private static IEnumerable<(string Name, bool IsGolden, Func<IFigure> Make)> All() =>
    [
        ("corner", true, () => Corner(d: 2, draws: 300, truth: [0.5, -1])),
        ("corner-one", false, () => Corner(d: 1, draws: 200)),
        ("corner-twelve", false, () => Corner(d: 12, draws: 300)),
        ("corner-no-draws", false, () => new CornerPlot(["a", "b"], new WeightedDraws("posterior", 2, []))),
        ("corner-one-draw", false, () => new CornerPlot(["a", "b"], new WeightedDraws("posterior", 2, [1, 2]))),
        ("corner-constant", false, () => new CornerPlot(["a", "b"], Draws(2, Enumerable.Repeat(3.0, 400)), truth: [3, double.NaN])),
        ("corner-not-finite", false, () => new CornerPlot(["a", "b"], Draws(2, Normal(400, "nan").Select((v, i) => i % 7 == 0 ? double.NaN : i % 11 == 0 ? double.PositiveInfinity : v)))),
        ("corner-all-nan", false, () => new CornerPlot(["a", "b"], Draws(2, Enumerable.Repeat(double.NaN, 20)), truth: [double.NaN, 1])),
        ("corner-huge", false, () => new CornerPlot(["a", "b"], Draws(2, Normal(400, "huge").Select((v, i) => v * (i % 2 == 0 ? 1e307 : 1e-307))))),
        ("corner-extremes", false, () => new CornerPlot(["a", "b"], Draws(2, Normal(400, "ends").Select(v => v > 0 ? double.MaxValue : double.MinValue)))),
        ("corner-awkward", false, () => new CornerPlot([Awkward, Awkward], new WeightedDraws(Awkward, 2, Normal(400, "x")), truth: [1e9, 0])),
        ("corner-zero-weights", false, () => new CornerPlot(["a", "b"], new WeightedDraws("posterior", 2, Normal(8, "x"), [0, 0, 0, 0]))),
        ("training", true, () => new TrainingCurves([Round("round 1", 30), Round("round 2", 45)])),
        ("training-none", false, () => new TrainingCurves([])),
        ("training-empty-round", false, () => new TrainingCurves([new TrainingRound(Awkward, [], [], null)])),
        ("training-one-epoch", false, () => new TrainingCurves([new TrainingRound("r", [1], [2], 1)])),
        ("training-diverged", false, () => new TrainingCurves([new TrainingRound("r", [3, 1e300, double.NaN, double.PositiveInfinity], [4, double.NaN], 1)])),
        ("training-seven", false, () => new TrainingCurves([.. Enumerable.Range(1, 7).Select(i => Round($"round {i}", 10 * i))])),
        ("calibration", true, () => new CalibrationPlot(["alpha", "beta"], Ranks(2, 200, 99), 99)),
        ("calibration-nine", false, () => new CalibrationPlot([.. Enumerable.Range(0, 9).Select(i => Awkward + i)], Ranks(9, 60, 20), 20)),
        ("calibration-none", false, () => new CalibrationPlot(["alpha"], [], 10)),
        ("calibration-one", false, () => new CalibrationPlot(["alpha"], [1], 1)),
        ("coverage", true, () => new CoveragePlot([Coverage("joint", 1.2), Coverage("alpha", 0.9)], 200)),
        ("coverage-none", false, () => new CoveragePlot([], 0)),
        ("coverage-not-finite", false, () => new CoveragePlot([new CoverageCurve(Awkward, [0.5, double.NaN], [double.NaN, 0.5])], 10)),
        ("coverage-one", false, () => new CoveragePlot([new CoverageCurve("a", [0.9], [1])], 1)),
        ("predictive", true, () => new PredictivePlot([Series("hare", 8), Series("lynx", 8)], "year", AxisScale.Logarithmic)),
        ("predictive-none", false, () => new PredictivePlot([], "year")),
        ("predictive-empty", false, () => new PredictivePlot([new PredictiveSeries { Name = Awkward, Coordinates = [], Observed = [] }], Awkward)),
        ("predictive-prior", false, () => new PredictivePlot([Series("hare", 5) with { Posterior = [], Prior = [.. Normal(500, "prior")] }], "year")),
        ("predictive-one-point", false, () => new PredictivePlot([new PredictiveSeries { Name = "a", Coordinates = [1], Observed = [2], Posterior = [1, 2, 3] }], "index")),
        ("predictive-not-finite", false, () => new PredictivePlot(
            [new PredictiveSeries { Name = "a", Coordinates = [1, 2, 3], Observed = [-1, double.NaN, 4], Posterior = [double.NaN, 2, 3, double.NaN, -1, 1e300] }],
            "index", AxisScale.Logarithmic)),
        ("predictive-many", false, () => new PredictivePlot([.. Enumerable.Range(0, 5).Select(i => Series($"series {i}", 6))], "bin")),
        ("series", true, () => new SeriesPlot(SeriesOf(
            Panel("first", [new("one", [1, 2, 3, 4], [1, 10, 100, 50]), new("two", [1, 2, 4], [3, double.NaN, 30]), new("wanted", [1, 4], [5, 5], CurveStyle.Reference)]) with { IsLogarithmic = true },
            Panel("second", [new("two", [1, 2, 3], [-1, 0, 2]), new("measured", [1, 2, 3], [0.5, 0, 1], CurveStyle.Points, [0.2, 0.3, 0.4])])))),
        ("series-plane", true, () => new SeriesPlot(SeriesOf(Panel("", [new("orbit", Turn(Math.Cos), Turn(t => 0.4 * Math.Sin(t))), new("seen", [1, 0], [0, 0.4], CurveStyle.Points)]) with { IsPlane = true }))),
        ("series-none", false, () => new SeriesPlot(SeriesOf())),
        ("series-empty", false, () => new SeriesPlot(SeriesOf(Panel(Awkward, [new(Awkward, [], []), new("b", [], [], CurveStyle.Points, [])])))),
        ("series-not-finite", false, () => new SeriesPlot(SeriesOf(Panel("p", [new("a", [1, double.NaN, 3], [double.PositiveInfinity, 1, -1]), new("b", [1], [double.NaN], CurveStyle.Points, [double.NaN])]) with { IsLogarithmic = true }))),
        ("series-seven", false, () => new SeriesPlot(SeriesOf([.. Enumerable.Range(0, 7).Select(i => Panel($"panel {i}", [.. Enumerable.Range(0, 7).Select(c => new SeriesCurve($"curve {c}", [0, 1], [c, i]))]))]))),
        ("histogram", true, () => new HistogramPlot(HistogramOf(new("one", Normal(500, "h")), new("two", Normal(300, "g"), [.. Normal(300, "w").Select(Math.Exp)])))),
        ("histogram-none", false, () => new HistogramPlot(HistogramOf())),
        ("histogram-empty", false, () => new HistogramPlot(HistogramOf(new HistogramSample(Awkward, [])))),
        ("histogram-constant", false, () => new HistogramPlot(HistogramOf(new HistogramSample("c", [3, 3, 3])))),
        ("histogram-not-finite", false, () => new HistogramPlot(HistogramOf(new HistogramSample("n", [double.NaN, double.PositiveInfinity, 1, 2])))),
        ("weights", true, Weights),
        ("weights-none", false, () => new WeightPlot([])),
        ("weights-all-zero", false, () => new WeightPlot([double.NegativeInfinity, double.NaN], new ParetoTail(1, 1, 5))),
        ("weights-equal", false, () => new WeightPlot(new double[50])),
        ("weights-one-heavy", false, () => new WeightPlot([0, -800, -900, -50], new ParetoTail(double.NaN, double.NaN, 1))),
    ];

    private static SeriesFigure SeriesOf(params SeriesPanel[] panels) => new() { Name = "series", Title = "Some series", Caption = "What is seen.", Panels = panels };

    private static SeriesPanel Panel(string heading, SeriesCurve[] curves) => new() { Heading = heading, XLabel = "time (s)", YLabel = "energy (J)", Curves = curves };

    private static double[] Turn(Func<double, double> f) => [.. Enumerable.Range(0, 41).Select(i => f(Math.Tau * i / 40))];

    private static HistogramFigure HistogramOf(params HistogramSample[] samples) => new() { Name = "h", Title = "Some values", Caption = "What is seen.", Label = "mass (kg)", Samples = samples, Bins = 12 };

    private static WeightPlot Weights()
    {
        double[] logs = [.. Normal(500, "w"), double.NegativeInfinity];
        return new WeightPlot(logs, ImportanceWeights.FromLog(logs).Tail);
    }

    private static WeightedDraws Draws(int dimension, IEnumerable<double> values) => new("posterior", dimension, [.. values]);

    private static CornerPlot Corner(int d, int draws, double[]? truth = null)
    {
        double[] values = Normal(draws * d, "posterior"), weights = [.. Normal(draws, "weights").Select(w => Math.Exp(w / 3))];
        for (int i = 1; i < values.Length; i++)
        {
            values[i] = i % d == 0 ? values[i] : (0.6 * values[i - 1]) + (0.8 * values[i]);
        }

        return new CornerPlot(
            [.. Enumerable.Range(0, d).Select(i => $"theta {i} (m/s)")],
            new WeightedDraws("posterior", d, values, weights),
            new WeightedDraws("prior", d, [.. Normal(500 * d, "prior").Select(v => 4 * v)]),
            new WeightedDraws("network", d, [.. Normal(draws * d, "network").Select(v => (1.3 * v) + 0.3)]),
            truth);
    }

    private static TrainingRound Round(string label, int epochs)
    {
        double[] noise = Normal(2 * epochs, label);
        return new TrainingRound(
            label,
            [.. Enumerable.Range(0, epochs).Select(i => (6 * Math.Exp(-i / 5.0)) - 1 + (0.03 * noise[i]))],
            [.. Enumerable.Range(0, epochs).Select(i => (6.2 * Math.Exp(-i / 5.0)) - 0.8 + (0.05 * noise[epochs + i]))],
            Math.Max(1, epochs - 8));
    }

    private static int[] Ranks(int parameters, int simulations, int draws)
    {
        Rng rng = new Rng(8).Split("ranks");
        return [.. Enumerable.Range(0, parameters * simulations).Select(_ => (int)(rng.NextDouble() * (draws + 1)))];
    }

    private static CoverageCurve Coverage(string label, double power)
    {
        double[] nominal = [.. Enumerable.Range(0, 21).Select(i => i / 20.0)];
        return new CoverageCurve(label, nominal, [.. nominal.Select(v => Math.Pow(v, power))]);
    }

    private static PredictiveSeries Series(string name, int points)
    {
        double[] noise = Normal(points * 100, name), curve = [.. Enumerable.Range(0, points).Select(i => 30 + (20 * Math.Sin(i)))];
        return new PredictiveSeries
        {
            Name = name,
            ValueLabel = "pelts (thousands)",
            Coordinates = [.. Enumerable.Range(1900, points).Select(i => (double)i)],
            Observed = [.. curve.Select((c, i) => c * Math.Exp(0.2 * noise[i]))],
            Posterior = [.. noise.Select((v, i) => curve[i % points] * Math.Exp(0.25 * v))],
        };
    }
}

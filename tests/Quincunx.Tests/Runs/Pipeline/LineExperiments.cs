using Quincunx.Inference.Experiments;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary><c>line-fit</c>: a linear layer learns y = 2 x + 1 from noisy points; cheap, and able to be judged as asked.</summary>
internal sealed class LineExperiments : IExperimentCatalog
{
    private static readonly ExperimentOption[] Known =
    [
        ExperimentOption.Choice("outcome", "What its check says.", "passed", "doubtful", "failed"),
        ExperimentOption.Integer("epochs", "Passes over the points.", 20, 1, 100_000),
        ExperimentOption.Number("noise", "Standard deviation of the noise.", 0.1, 0, 10),
        ExperimentOption.Number("rate", "Step size.", 0.01, 0, 1e9),
    ];

    public IReadOnlyList<string> Names => ["line-fit", "plain"];

    public IReadOnlyList<ExperimentOption> OptionsOf(string name) => name == "plain" ? [] : Known;

    public IExperiment Create(string name, ExperimentOptions options) => name == "plain" ? new Fit(new ExperimentOptions(Known))
        : options.Number("noise") == 7 ? throw new ArgumentException("7 brings bad luck")
        : new Fit(options);

    private sealed class Fit(ExperimentOptions options) : IExperiment
    {
        private const int Points = 600;

        public int Version => 1;

        public NamedTensors MakeData(Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
        {
            double[] x = new double[Points], y = new double[Points];
            for (int i = 0; i < Points; i++)
            {
                cancel.ThrowIfCancellationRequested();
                Rng own = rng.Split(i);
                x[i] = own.NextNormal();
                y[i] = (2 * x[i]) + 1 + (options.Number("noise") * own.NextNormal());
            }

            progress?.Report(new ExperimentProgress(Points, Points, "points"));
            return new NamedTensors { { "x", x }, { "y", y } };
        }

        public ExperimentTraining Train(
            NamedTensors data, Rng rng, IProgress<TrainingProgress>? progress = null, ITrainingCheckpoints? checkpoints = null, CancellationToken cancel = default)
        {
            var layer = new Linear(1, 1, rng.Split("layer"));
            var training = new TrainingOptions { BatchSize = 20, MaxEpochs = options.Integer("epochs"), Patience = 1_000_000, LearningRate = options.Number("rate"), ExplosionFactor = 1e3, ClipNorm = 1e30 };
            TrainingResult result = Trainer.Run(new Task(layer, data.Get("x").ToArray(), data.Get("y").ToArray()), training, rng.Split("training"), progress, checkpoints, cancel);
            return new ExperimentTraining(ModuleState.Export(layer), result);
        }

        public ExperimentResult Evaluate(
            NamedTensors data, NamedTensors weights, Rng rng, IProgress<ExperimentProgress>? progress = null, CancellationToken cancel = default)
        {
            double slope = weights.Get("weight", new Shape(1, 1), DType.Float32).ToArray()[0], level = weights.Get("bias").ToArray()[0];
            double[] x = data.Get("x").ToArray(), y = data.Get("y").ToArray(), residuals = [.. x.Zip(y, (a, b) => b - (slope * a) - level)];
            progress?.Report(new ExperimentProgress(1, 1, "lines"));
            return new ExperimentResult
            {
                Summary = "A line through points.",
                LossLabel = "squared error (m²)",
                Metrics = [new("slope", slope, "slope", 0.01), new("level", level, "level (m)"), new("unknown", double.NaN, "what could not be measured")],
                Checks = [new(Enum.Parse<CheckOutcome>(options.Text("outcome"), ignoreCase: true), "the line was drawn")],
                Tables = [new("Ends.", ["end", "y"], [["left", "1"], ["right", "2"]])],
                Series =
                [
                    new SeriesFigure
                    {
                        Name = "line", Title = "A line", Caption = "Points and the line.",
                        Panels = [new SeriesPanel { XLabel = "x (m)", YLabel = "y (m)", Curves = [new("points", x, y, CurveStyle.Points), new("line", [-2, 2], [level - (2 * slope), level + (2 * slope)])] }],
                    },
                ],
                Histograms = [new HistogramFigure { Name = "residuals", Title = "Residuals", Caption = "Of the points.", Label = "residual (m)", Samples = [new("points", residuals)] }],
            };
        }
    }

    private sealed class Task(Linear layer, double[] x, double[] y) : TrainingTask
    {
        public override IModule Module => layer;

        public override int Count => x.Length;

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
        {
            double[] xs = new double[rows.Length], ys = new double[rows.Length];
            for (int i = 0; i < rows.Length; i++)
            {
                (xs[i], ys[i]) = (x[rows[i]], y[rows[i]]);
            }

            var shape = new Shape(rows.Length, 1);
            return Tensor.Square(layer.Forward(Tensor.From(xs, shape, DType.Float32)) - Tensor.From(ys, shape, DType.Float32)).Sum();
        }
    }
}

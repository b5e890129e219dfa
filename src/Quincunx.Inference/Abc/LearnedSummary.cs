using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Abc;

/// <summary>Summaries that are an estimate of the posterior mean, one a parameter, learned by regression of parameters on outputs.</summary>
/// <remarks>
/// Fearnhead and Prangle 2012 (J. R. Stat. Soc. B 74, 419): with the posterior mean as summary, ABC has the least quadratic loss as the tolerance goes to zero. Means are those of unconstrained coordinates, in standard deviations of the parameters learned from. Outputs are scaled as for
/// networks (<see cref="FeatureScaling"/>); linear features are their powers, and a network learns what those leave.
/// </remarks>
public sealed class LearnedSummary : ISummaryStatistics, IModule
{
    private const int BlockRows = 4096;
    private readonly FeatureScaling _scaling;
    private readonly int _powers;
    private readonly Parameter _slopes, _intercept;
    private readonly Mlp? _network;

    private LearnedSummary(FeatureScaling scaling, int powers, double[] slopes, double[] intercept, Mlp? network)
    {
        (_scaling, _powers, _network) = (scaling, powers, network);
        _slopes = new Parameter(Tensor.From(slopes, new Shape(intercept.Length, slopes.Length / intercept.Length), DType.Float64), isTrained: false);
        _intercept = new Parameter(Tensor.From(intercept, new Shape(intercept.Length), DType.Float64), isTrained: false);
    }

    /// <inheritdoc/>
    public int Count => _intercept.Count;

    /// <summary>Share of each unconstrained parameter's variance that its summary explains over the simulations it was learned from.</summary>
    public IReadOnlyList<double> VarianceExplained { get; private init; } = [];

    /// <summary>How the network was trained; null for linear summaries.</summary>
    public TrainingResult? Training { get; private init; }

    /// <summary>Learns summaries from simulations.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>.</param>
    /// <param name="xs">Shape <c>[n, outputs]</c>, finite.</param>
    /// <param name="rng">Decides the network's start and its held-out rows; not advanced.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite or outside the support.</exception>
    public static LearnedSummary Fit(
        SupportBijection bijection, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, int outputs, LearnedSummaryOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        options.Checked();
        int d = bijection.Dimension, n = thetas.Length / d;
        if (n == 0 || thetas.Length != n * d || xs.Length != (long)n * outputs)
        {
            throw new ArgumentException($"Expected as many rows of {d} parameters as of {outputs} outputs, got {thetas.Length} and {xs.Length} numbers.", nameof(xs));
        }

        double[] z = new double[thetas.Length], scaled = new double[xs.Length], weights = new double[n], fitted = new double[z.Length];
        bijection.ToUnconstrained(thetas, z);
        var scaling = FeatureScaling.Fit(xs, outputs);
        scaling.Apply(xs, scaled);
        weights.AsSpan().Fill(1);
        double[] features = Powers(scaled, outputs, options.Powers);
        var line = WeightedLeastSquares.Fit(features, outputs * options.Powers, z, d, weights);
        line.Apply(features, fitted);
        double[] spread = WeightedLeastSquares.Moments(z, d, weights).Deviation;
        (Mlp? network, TrainingResult? training) = (null, null);
        if (options.Hidden.Count > 0)
        {
            network = new Mlp(outputs, options.Hidden, d, rng.Split("weights"), Activation.Silu, Initialiser.Zeros);
            double[] rest = [.. z.Select((v, i) => (v - fitted[i]) / spread[i % d])];
            training = Trainer.Run(new WeightedRegressionTask(network, scaled, rest, weights, WeightedRegressionTask.Target.Mean), options.Training, rng.Split("training"), cancel: cancel);
        }

        line = line.InUnitsOf(spread);
        var summary = new LearnedSummary(scaling, options.Powers, line.Slopes, line.Intercept, network) { Training = training };
        summary.Compute(xs, fitted);
        double[] left = WeightedLeastSquares.Moments([.. z.Select((v, i) => (v / spread[i % d]) - fitted[i])], d, weights).Deviation;
        return new LearnedSummary(scaling, options.Powers, line.Slopes, line.Intercept, network) { Training = training, VarianceExplained = [.. left.Select(sd => 1 - (sd * sd))] };
    }

    /// <summary>One of the same shape that has learned nothing, to import a state into.</summary>
    /// <param name="dimension">Parameters.</param>
    public static LearnedSummary Untrained(int dimension, int outputs, LearnedSummaryOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(options);
        options.Checked();
        Mlp? network = options.Hidden.Count == 0 ? null : new Mlp(outputs, options.Hidden, dimension, new Rng(0), Activation.Silu, Initialiser.Zeros);
        return new LearnedSummary(new FeatureScaling(outputs), options.Powers, new double[dimension * outputs * options.Powers], new double[dimension], network);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("x", _scaling);
        tree.Add("slopes", _slopes);
        tree.Add("intercept", _intercept);
        if (_network is not null)
        {
            tree.Add("network", _network);
        }
    }

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<double> x, Span<double> summaries)
    {
        int outputs = _scaling.Features, rows = x.Length / outputs;
        if (x.Length != rows * outputs || summaries.Length != rows * Count)
        {
            throw new ArgumentException($"Expected rows of {outputs} outputs and of {Count} summaries, got {x.Length} and {summaries.Length} numbers.", nameof(x));
        }

        var line = new WeightedLeastSquares(outputs * _powers, _slopes.Value.AsSpan<double>().ToArray(), _intercept.Value.AsSpan<double>().ToArray());
        for (int from = 0; from < rows; from += BlockRows)
        {
            int n = Math.Min(BlockRows, rows - from);
            double[] scaled = new double[n * outputs];
            Span<double> block = summaries.Slice(from * Count, n * Count);
            _scaling.Apply(x.Slice(from * outputs, scaled.Length), scaled);
            line.Apply(Powers(scaled, outputs, _powers), block);
            if (_network is not null)
            {
                using var scope = new TensorScope();
                using Recording.Pause pause = Recording.Off();
                double[] more = _network.Forward(Tensor.From(scaled, new Shape(n, outputs), DType.Float32)).ToArray();
                for (int i = 0; i < more.Length; i++)
                {
                    block[i] += more[i];
                }
            }
        }
    }

    private static double[] Powers(double[] scaled, int outputs, int powers)
    {
        if (powers == 1)
        {
            return scaled;
        }

        double[] features = new double[scaled.Length * powers];
        for (int i = 0; i < scaled.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, outputs);
            double value = 1;
            for (int p = 0; p < powers; p++)
            {
                value *= scaled[i];
                features[(((row * powers) + p) * outputs) + column] = value;
            }
        }

        return features;
    }
}

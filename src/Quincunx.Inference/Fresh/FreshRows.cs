using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Pilots;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Quincunx.Inference.Fresh;

/// <summary>Parameters and outputs that observations are made of when a batch asks for them.</summary>
internal sealed class FreshRows
{
    // Rows that scales and principal components are found from: ranks of quantiles are then good to half a percent.
    private const int ScaleRows = 10_000;
    private readonly IMeasurement _measurement;
    private readonly double[] _thetas, _outputs;
    private readonly IPilot? _pilot;
    private readonly IAugmentation? _augmentation;
    private readonly SupportBijection _bijection;
    private NeuralPosterior? _posterior;
    private MissingValues _missing;

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>; kept.</param>
    /// <param name="outputs">Shape <c>[n, m]</c>; kept.</param>
    /// <param name="pilot">What the network sees in place of observations; null for the observations.</param>
    /// <param name="augmentation">What changes a pair before it is measured; null for nothing.</param>
    /// <exception cref="ArgumentException">The pilot does not fit.</exception>
    public FreshRows(SupportBijection bijection, IMeasurement measurement, double[] thetas, double[] outputs, IPilot? pilot = null, IAugmentation? augmentation = null)
    {
        (_bijection, _measurement, _thetas, _outputs, _pilot, _augmentation) = (bijection, measurement, thetas, outputs, pilot, augmentation);
        Count = outputs.Length / measurement.Outputs;
        if (pilot is not null && (pilot.Dimension != bijection.Dimension || pilot.Features != Seen))
        {
            throw new ArgumentException($"Expected a pilot of {bijection.Dimension} parameters and observations of {Seen} numbers, got one of {pilot.Dimension} and {pilot.Features}.", nameof(pilot));
        }
    }

    public int Count { get; }

    /// <summary>Numbers that the network sees.</summary>
    public int Width => _pilot is null ? Seen : PilotFrame.Context(_pilot);

    // Length of an observation and its context.
    private int Seen => _measurement.Observed + _measurement.ContextCount;

    /// <summary>A new network with scales from these rows, whose rows they are from now on.</summary>
    public NeuralPosterior CreatePosterior(NeuralPosteriorOptions options, Rng rng)
    {
        _missing = options.Missing;
        int rows = Math.Min(Count, ScaleRows), d = _bijection.Dimension;
        (double[] first, double[] z) = Draw(rows, rng.Split("scales"));
        if (_pilot is null)
        {
            double[] seen = _augmentation is null ? _thetas : z;
            z = new double[seen.Length];
            _bijection.ToUnconstrained(seen, z);
        }

        FeatureScaling x = FeatureScaling.Fit(first, Width, options.Missing, options.Observations.ScaleGroups(Width));
        SupportBijection bijection = _pilot is null ? _bijection : PilotPosteriorEstimation.Local(d);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(z, d), x, options, rng.Split("weights"));
        if (options.Compression > 0)
        {
            // What two observations of the same outputs have in common is not noise.
            (double[] second, _) = Draw(rows, rng.Split("components"));
            x.Apply(first, first);
            x.Apply(second, second);
            posterior.StartCompression(first, second);
        }

        _posterior = posterior;
        return posterior;
    }

    /// <summary>Puts other pairs into some rows.</summary>
    /// <param name="rows">As many as there are pairs.</param>
    public void Replace(ReadOnlySpan<int> rows, ReadOnlySpan<double> thetas, ReadOnlySpan<double> outputs)
    {
        int d = _bijection.Dimension, m = _measurement.Outputs;
        for (int i = 0; i < rows.Length; i++)
        {
            thetas.Slice(i * d, d).CopyTo(_thetas.AsSpan(rows[i] * d));
            outputs.Slice(i * m, m).CopyTo(_outputs.AsSpan(rows[i] * m));
        }
    }

    /// <summary>Memory for one row.</summary>
    public RowMemory Memory() => new(Seen, Width, _measurement.Outputs, _bijection, _pilot);

    /// <summary>Makes new observations of some rows, scaled, and puts their parameters beside them, scaled as the network sees them.</summary>
    /// <param name="z">Shape <c>[rows, d]</c>, float32; overwritten.</param>
    /// <param name="x">Shape <c>[rows, Width]</c>, float32; overwritten.</param>
    /// <param name="streamOf">The stream of each row; null to draw all from <paramref name="rng"/>.</param>
    public void Fill(ReadOnlySpan<int> rows, RowMemory memory, Tensor z, Tensor x, Rng rng, Rng? streamOf = null)
    {
        int d = _bijection.Dimension;
        Span<float> ofTheta = z.Writable<float>(), target = x.Writable<float>();
        for (int i = 0; i < rows.Length; i++)
        {
            Make(rows[i], memory, streamOf?.Split(rows[i]) ?? rng);
            _posterior!.Scaling.Apply(memory.Features, memory.Features);
            _posterior.ScaleTheta(memory.Parameters, memory.Parameters);
            TensorPrimitives.ConvertTruncating<double, float>(memory.Features, target.Slice(i * Width, Width));
            TensorPrimitives.ConvertTruncating<double, float>(memory.Parameters, ofTheta.Slice(i * d, d));
        }
    }

    private (double[] X, double[] Z) Draw(int count, Rng rng)
    {
        int d = _bijection.Dimension;
        double[] drawn = new double[count * Width], z = new double[count * d];
        RowMemory memory = Memory();
        for (int i = 0; i < count; i++)
        {
            Make(i, memory, rng.Split(i));
            memory.Features.CopyTo(drawn.AsSpan(i * Width));
            memory.Parameters.CopyTo(z.AsSpan(i * d));
        }

        return (drawn, z);
    }

    // Parameters and features as they are before they are scaled.
    private void Make(int row, RowMemory memory, Rng rng)
    {
        Span<double> seen = memory.Seen, observation = seen[.._measurement.Observed], context = seen[_measurement.Observed..];
        int d = _bijection.Dimension;
        Span<double> theta = _thetas.AsSpan(row * d, d), output = _outputs.AsSpan(row * _measurement.Outputs, _measurement.Outputs);
        if (_augmentation is not null)
        {
            theta.CopyTo(memory.Theta);
            output.CopyTo(memory.Output);
            theta = memory.Theta;
            output = memory.Output;
            _augmentation.Change(theta, output, rng);
            CheckChange(theta, row);
        }

        _measurement.DrawContext(context, rng);
        _measurement.Observe(output, context, observation, rng);
        Check(seen, row);
        if (memory.Frame is null)
        {
            theta.CopyTo(memory.Parameters);
        }
        else
        {
            memory.Frame.Become(seen, memory.Features);
            _ = memory.Frame.ToLocal(theta, memory.Parameters);
        }
    }

    private void CheckChange(ReadOnlySpan<double> theta, int row)
    {
        if (!_bijection.Contains(theta))
        {
            throw new ArgumentException($"Expected an augmentation that keeps parameters inside the prior's support, got {string.Join(", ", theta.ToArray())} from row {row}.");
        }
    }

    // A number that no network can take would otherwise come out as steps that are skipped, far from its cause.
    private void Check(ReadOnlySpan<double> observed, int row)
    {
        for (int j = 0; j < observed.Length; j++)
        {
            if (!double.IsFinite(observed[j]) && !(double.IsNaN(observed[j]) && _missing == MissingValues.Embedded && _pilot is null))
            {
                throw new ArgumentException($"Expected finite observations{MissingValuesText.Hint(observed[j])}, the measurement gave {observed[j]:R} as number {j} in row {row}.");
            }
        }
    }

    /// <summary>What one row passes through on its way to the network; for one thread.</summary>
    /// <param name="seen">Length of an observation with its context.</param>
    internal sealed class RowMemory(int seen, int width, int outputs, SupportBijection bijection, IPilot? pilot)
    {
        private readonly double[] _theta = new double[bijection.Dimension], _output = new double[outputs], _seen = new double[seen], _features = new double[pilot is null ? 0 : width], _parameters = new double[bijection.Dimension];

        public PilotFrame? Frame { get; } = pilot is null ? null : new PilotFrame(pilot, bijection.Supports);

        public Span<double> Theta => _theta;

        public Span<double> Output => _output;

        public Span<double> Seen => _seen;

        public Span<double> Features => Frame is null ? _seen : _features;

        public Span<double> Parameters => _parameters;
    }
}

using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Fresh;

/// <summary>Parameters and outputs that observations are made of when a batch asks for them.</summary>
internal sealed class FreshRows
{
    // Rows that scales and principal components are found from: ranks of quantiles are then good to half a percent.
    private const int ScaleRows = 10_000;
    private readonly IMeasurement _measurement;
    private readonly double[] _thetas, _outputs;
    private float[] _z = [];
    private NeuralPosterior? _posterior;

    /// <param name="thetas">Shape <c>[n, d]</c>; kept.</param>
    /// <param name="outputs">Shape <c>[n, m]</c>; kept.</param>
    public FreshRows(IMeasurement measurement, double[] thetas, double[] outputs)
    {
        (_measurement, _thetas, _outputs) = (measurement, thetas, outputs);
        Count = outputs.Length / measurement.Outputs;
    }

    public int Count { get; }

    /// <summary>Length of an observation and its context.</summary>
    public int Width => _measurement.Observed + _measurement.ContextCount;

    /// <summary>A new network with scales from these rows, whose rows they are from now on.</summary>
    public NeuralPosterior CreatePosterior(SupportBijection bijection, NeuralPosteriorOptions options, Rng rng)
    {
        int rows = Math.Min(Count, ScaleRows);
        double[] first = Draw(rows, rng.Split("scales")), z = new double[_thetas.Length];
        bijection.ToUnconstrained(_thetas, z);
        FeatureScaling x = FeatureScaling.Fit(first, Width, options.Missing);
        var posterior = new NeuralPosterior(bijection, Standardise.Fit(z, bijection.Dimension), x, options, rng.Split("weights"));
        if (options.Compression > 0)
        {
            // What two observations of the same outputs have in common is not noise.
            double[] second = Draw(rows, rng.Split("components"));
            x.Apply(first, first);
            x.Apply(second, second);
            posterior.StartCompression(first, second);
        }

        _posterior = posterior;
        _z = new float[_thetas.Length];
        ScaleThetas();
        return posterior;
    }

    /// <summary>Puts other pairs into some rows.</summary>
    /// <param name="rows">As many as there are pairs.</param>
    public void Replace(ReadOnlySpan<int> rows, ReadOnlySpan<double> thetas, ReadOnlySpan<double> outputs)
    {
        int d = _posterior!.Dimension, m = _measurement.Outputs;
        for (int i = 0; i < rows.Length; i++)
        {
            thetas.Slice(i * d, d).CopyTo(_thetas.AsSpan(rows[i] * d));
            outputs.Slice(i * m, m).CopyTo(_outputs.AsSpan(rows[i] * m));
        }

        ScaleThetas();
    }

    /// <summary>Copies scaled parameters into a tensor, <c>[rows, d]</c>.</summary>
    public void CopyTheta(ReadOnlySpan<int> rows, Tensor into) => Training.ScaledPairs.Gather(_z, _posterior!.Dimension, rows, into);

    /// <summary>Makes new observations of some rows, scaled.</summary>
    /// <param name="row">Memory for one, <c>[Width]</c>.</param>
    /// <param name="into">Shape <c>[rows, Width]</c>, float32; overwritten.</param>
    /// <param name="streamOf">The stream of each row; null to draw all from <paramref name="rng"/>.</param>
    public void Observe(ReadOnlySpan<int> rows, Span<double> row, Tensor into, Rng rng, Rng? streamOf = null)
    {
        Span<float> target = into.Writable<float>();
        for (int i = 0; i < rows.Length; i++)
        {
            Observe(rows[i], row, streamOf?.Split(rows[i]) ?? rng);
            Check(row, rows[i]);
            _posterior!.Scaling.Apply(row, row);
            for (int j = 0; j < row.Length; j++)
            {
                target[(i * row.Length) + j] = (float)row[j];
            }
        }
    }

    private double[] Draw(int count, Rng rng)
    {
        double[] drawn = new double[count * Width];
        for (int i = 0; i < count; i++)
        {
            Observe(i, drawn.AsSpan(i * Width, Width), rng.Split(i));
        }

        return drawn;
    }

    private void Observe(int row, Span<double> into, Rng rng)
    {
        Span<double> observation = into[.._measurement.Observed], context = into[_measurement.Observed..];
        _measurement.DrawContext(context, rng);
        _measurement.Observe(_outputs.AsSpan(row * _measurement.Outputs, _measurement.Outputs), context, observation, rng);
    }

    // A number that no network can take would otherwise come out as steps that are skipped, far from its cause.
    private void Check(ReadOnlySpan<double> observed, int row)
    {
        for (int j = 0; j < observed.Length; j++)
        {
            if (!double.IsFinite(observed[j]) && !(double.IsNaN(observed[j]) && _posterior!.Missing == MissingValues.Embedded))
            {
                throw new ArgumentException($"Expected finite observations{MissingValuesText.Hint(observed[j])}, the measurement gave {observed[j]:R} as number {j} in row {row}.");
            }
        }
    }

    private void ScaleThetas()
    {
        double[] z = new double[_thetas.Length];
        _posterior!.ScaleTheta(_thetas, z);
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, float>(z, _z);
    }
}

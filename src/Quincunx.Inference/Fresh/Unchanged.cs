using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Outputs that are the observation.</summary>
internal sealed class Unchanged : IMeasurement
{
    public Unchanged(int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        Outputs = outputs;
    }

    public int Outputs { get; }

    public int Observed => Outputs;

    public int ContextCount => 0;

    public void DrawContext(Span<double> context, Rng rng) => Require.Length(context.Length, 0, nameof(context));

    public void Observe(ReadOnlySpan<double> output, ReadOnlySpan<double> context, Span<double> observation, Rng rng)
    {
        Require.Length(output.Length, Outputs, nameof(output));
        output.CopyTo(observation);
    }
}

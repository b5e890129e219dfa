using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <param name="variances">The diagonal of M⁻¹, positive.</param>
internal sealed class DiagonalMetric(double[] variances) : Metric
{
    public override void Velocity(ReadOnlySpan<double> momentum, Span<double> velocity)
    {
        for (int i = 0; i < variances.Length; i++)
        {
            velocity[i] = variances[i] * momentum[i];
        }
    }

    public override void Draw(Span<double> momentum, Rng rng)
    {
        for (int i = 0; i < variances.Length; i++)
        {
            momentum[i] = rng.NextNormal() / Math.Sqrt(variances[i]);
        }
    }
}

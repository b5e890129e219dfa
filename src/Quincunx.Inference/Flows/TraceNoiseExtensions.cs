using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Flows;

/// <summary>Draws <see cref="TraceNoise"/>.</summary>
public static class TraceNoiseExtensions
{
    /// <param name="dimension">Length of a column.</param>
    /// <param name="n">Number of columns.</param>
    /// <returns>Shape <c>[dimension, n]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such noise.</exception>
    public static Tensor Draw(this TraceNoise noise, int dimension, int n, Rng rng, DType dtype = DType.Float32)
    {
        double[] values = new double[dimension * n];
        noise.Fill(values, rng);
        return Tensor.From(values, new Shape(dimension, n), dtype);
    }

    /// <summary>Fills a span, for noise that is kept in a parameter and drawn anew before each replay.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such noise.</exception>
    public static void Fill(this TraceNoise noise, Span<double> values, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        switch (noise)
        {
            case TraceNoise.Rademacher:
                foreach (ref double value in values)
                {
                    value = rng.NextDouble() < 0.5 ? -1 : 1;
                }

                break;
            case TraceNoise.Gaussian:
                rng.FillNormal(values);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(noise), noise, "No such noise.");
        }
    }
}

using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Samplers;

/// <summary>The kinetic energy ½ pᵀ M⁻¹ p of Hamiltonian samplers, with M⁻¹ an estimate of the target's covariance.</summary>
internal abstract class Metric
{
    public static Metric Identity(int dimension) => new DiagonalMetric([.. Enumerable.Repeat(1.0, dimension)]);

    /// <summary>M⁻¹ p.</summary>
    public abstract void Velocity(ReadOnlySpan<double> momentum, Span<double> velocity);

    /// <summary>p from N(0, M).</summary>
    public abstract void Draw(Span<double> momentum, Rng rng);

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);
}

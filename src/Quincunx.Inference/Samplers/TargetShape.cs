namespace Quincunx.Inference.Samplers;

/// <summary>The one check of what targets are called with.</summary>
internal static class TargetShape
{
    public static void Check(int dimension, ReadOnlySpan<double> points, ReadOnlySpan<double> logDensities)
    {
        if (points.Length != logDensities.Length * dimension)
        {
            throw new ArgumentException($"Expected shapes [n, {dimension}] and [n], got lengths {points.Length} and {logDensities.Length}.", nameof(points));
        }
    }

    public static void Check(int dimension, ReadOnlySpan<double> points, ReadOnlySpan<double> logDensities, ReadOnlySpan<double> gradients)
    {
        Check(dimension, points, logDensities);
        if (gradients.Length != points.Length)
        {
            throw new ArgumentException($"Expected gradients of the shape of the points, [{logDensities.Length}, {dimension}], got length {gradients.Length}.", nameof(gradients));
        }
    }
}

namespace Quincunx.Inference.ScoreModels;

/// <summary>Which noise training sees how often, and what its errors weigh.</summary>
internal abstract class NoiseLaw
{
    /// <param name="uniform">In [0, 1).</param>
    /// <returns>The angle φ of the noise, and the weight of |u - û|² there.</returns>
    public abstract (double Angle, double Weight) At(double uniform);
}

namespace Quincunx.Numerics.Optimisation;

/// <summary>Settings of <see cref="Adam"/>; the defaults are the paper's.</summary>
public sealed record AdamOptions
{
    /// <summary>Memory of the mean gradient, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Memory of the mean squared gradient, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root mean square, so that a step is never infinite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal AdamOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Beta1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Beta1, 1.0);
        ArgumentOutOfRangeException.ThrowIfNegative(Beta2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Beta2, 1.0);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Epsilon);
        return this;
    }
}

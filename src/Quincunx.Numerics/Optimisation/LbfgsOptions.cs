namespace Quincunx.Numerics.Optimisation;

/// <summary>Settings of <see cref="Lbfgs"/>.</summary>
public sealed record LbfgsOptions
{
    /// <summary>Pairs of steps and gradient changes that are kept.</summary>
    public int Memory { get; init; } = 10;

    public int MaxIterations { get; init; } = 1000;

    /// <summary>Evaluations of value and gradient together.</summary>
    public int MaxEvaluations { get; init; } = 5000;

    /// <summary>Converged where no component of the gradient is larger.</summary>
    public double GradientTolerance { get; init; } = 1e-8;

    /// <summary>Sufficient decrease: f(x + a d) ≤ f(x) + c₁ a f′. In (0, c₂).</summary>
    public double Decrease { get; init; } = 1e-4;

    /// <summary>Curvature: |f′(x + a d)| ≤ c₂ |f′(x)| along d. In (c₁, 1).</summary>
    public double Curvature { get; init; } = 0.9;

    internal LbfgsOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Memory);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxIterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEvaluations);
        ArgumentOutOfRangeException.ThrowIfNegative(GradientTolerance);
        return Decrease > 0 && Decrease < Curvature && Curvature < 1
            ? this
            : throw new ArgumentOutOfRangeException(nameof(Decrease), Decrease, $"Expected 0 < decrease < curvature < 1, with curvature {Curvature:R}.");
    }
}

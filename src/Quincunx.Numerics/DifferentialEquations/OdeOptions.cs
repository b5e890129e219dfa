namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Settings of <see cref="OdeSolver"/>.</summary>
public sealed record OdeOptions
{
    public RungeKuttaMethod Method { get; init; } = RungeKuttaMethod.DormandPrince;

    /// <summary>
    /// Null: the step size follows from the tolerances, which needs <see cref="RungeKuttaMethod.DormandPrince"/>. Else the largest step; the interval is divided
    /// into equal ones.
    /// </summary>
    public double? Step { get; init; }

    /// <summary>The error allowed in a step, relative to the state.</summary>
    public double RelativeTolerance { get; init; } = 1e-6;

    /// <summary>The error allowed in a step beside the relative one, in units of the state.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-9;

    /// <summary>Steps tried, kept or not, after which the solver gives up.</summary>
    public int MaxSteps { get; init; } = 100_000;

    /// <summary>Length of the first step tried; null: from the size of state and slope (Hairer, Nørsett and Wanner, section II.4).</summary>
    public double? FirstStep { get; init; }

    /// <summary>Length that no step exceeds.</summary>
    public double LargestStep { get; init; } = double.PositiveInfinity;

    /// <summary>Whether to keep what <see cref="DenseOutput"/> needs: the slopes of every step.</summary>
    public bool KeepDense { get; init; }

    internal OdeOptions Checked()
    {
        Positive(RelativeTolerance, nameof(RelativeTolerance));
        Positive(AbsoluteTolerance, nameof(AbsoluteTolerance));
        Positive(Step ?? 1, nameof(Step));
        Positive(FirstStep ?? 1, nameof(FirstStep));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSteps);
        if (!(LargestStep > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(LargestStep), LargestStep, "Expected a positive number.");
        }

        return Step is null && ButcherTableau.Of(Method).Error is null
            ? throw new ArgumentException($"Expected a step for {Method}, which has no error estimate to choose it by.", nameof(Step))
            : this;
    }

    private static void Positive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "Expected a positive, finite number.");
        }
    }
}

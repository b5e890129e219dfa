namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Settings of <see cref="SymplecticSolver"/>.</summary>
public sealed record SymplecticOptions
{
    public SymplecticMethod Method { get; init; } = SymplecticMethod.VelocityVerlet;

    /// <summary>The largest step; the interval is divided into equal ones, as the methods conserve little when their step varies.</summary>
    public required double Step { get; init; }

    /// <summary>Steps after which the solver gives up.</summary>
    public int MaxSteps { get; init; } = 1_000_000;

    internal double[] Lengths()
    {
        double w = 1 / (2 - Math.Cbrt(2));
        return Method == SymplecticMethod.VelocityVerlet ? [1] : [w, 1 - (2 * w), w];
    }

    internal SymplecticOptions Checked()
    {
        if (!(Step > 0 && double.IsFinite(Step)))
        {
            throw new ArgumentOutOfRangeException(nameof(Step), Step, "Expected a positive, finite number.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSteps);
        return Enum.IsDefined(Method) ? this : throw new ArgumentOutOfRangeException(nameof(Method), Method, "Not a method.");
    }
}

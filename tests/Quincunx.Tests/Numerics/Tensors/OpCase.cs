using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>One row of the table of operations.</summary>
/// <param name="Name">The public name of the operation, and after a colon what is special about the row.</param>
/// <param name="Run">The operation.</param>
/// <param name="Reference">The same, element by element in float64.</param>
/// <param name="Shapes">Sets of operand shapes on which values are compared.</param>
public sealed record OpCase(string Name, Func<Tensor[], Tensor> Run, Func<NaiveArray[], NaiveArray> Reference, int[][][] Shapes)
{
    /// <summary>Sets of operand shapes on which derivatives are checked.</summary>
    public required int[][][] GradientShapes { get; init; }

    /// <summary>Range of each operand's values; the last stands for all that follow.</summary>
    public (double Low, double High)[] Ranges { get; init; } = [(-2, 2)];

    /// <summary>Results for one operand equal to NaN, +∞, -∞, 0 and -0, as IEEE 754 and the mathematical limits have it.</summary>
    public double[]? AtSpecial { get; init; }

    /// <summary>For functions of two operands: every pair of special values gives what the reference says.</summary>
    public bool ChecksSpecialPairs { get; init; }

    /// <summary>Operand shapes that do not fit.</summary>
    public int[][]? Misfit { get; init; }

    /// <summary>Largest |y - reference| / (1 + |reference|) in float64.</summary>
    public double Tolerance { get; init; } = 4e-15;

    public override string ToString() => Name;
}

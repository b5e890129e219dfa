using System.Runtime.CompilerServices;

namespace Quincunx.Inference.Distributions;

/// <summary>Checks of distribution parameters, with messages that name the parameter and its value.</summary>
internal static class Require
{
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number.");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a positive, finite number.");

    public static void Length(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"Expected shape [{expected}], got [{actual}].", name);
        }
    }
}

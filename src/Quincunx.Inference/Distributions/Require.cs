using System.Runtime.CompilerServices;

namespace Quincunx.Inference.Distributions;

/// <summary>Checks of distribution parameters, with messages that name the parameter and its value.</summary>
internal static class Require
{
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number.");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a positive, finite number.");

    /// <param name="needs">Who needs the density, and what for, as the beginning of a sentence.</param>
    public static void Density(IDistribution prior, string needs, string name)
    {
        if (!prior.HasDensity)
        {
            throw new ArgumentException($"{needs} the prior's density; expected a prior with one, got one that is known by its draws alone. The methods npe, fmpe, npse, mdn and abc need draws alone.", name);
        }
    }

    public static void Length(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"Expected shape [{expected}], got [{actual}].", name);
        }
    }
}

using Quincunx.Inference.Simulation;

namespace Quincunx.Inference.Diagnostics;

public sealed record SbcOptions
{
    /// <summary>Posterior draws L for each pair; ranks run from 0 to L.</summary>
    public int Draws { get; init; } = 99;

    /// <summary>Probability of the simultaneous band, and 1 minus the chance of a false alarm over all quantities together.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Steps of the unit interval in the band.</summary>
    public int Intervals { get; init; } = 100;

    /// <summary>Names of the parameters for the result; <c>theta[0]</c> and so on if empty.</summary>
    public IReadOnlyList<string> ParameterNames { get; init; } = [];

    /// <summary>Where given, log p(x | theta) is ranked as well: a data-dependent quantity that sees a posterior that ignores part of the data.</summary>
    public ILikelihood? Likelihood { get; init; }

    /// <summary>
    /// Where given, the draws are weighted by exp(log joint − log q), which tests the reweighted posterior; the joint's density takes the place of
    /// q's among the quantities. Ranks become weighted shares, uniform up to an error of one over the effective number of draws.
    /// </summary>
    public LogJoint? Joint { get; init; }

    internal SbcOptions Checked(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Intervals, 2);
        if (Level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Level), Level, "Expected a probability in (0, 1).");
        }

        return ParameterNames.Count == 0 || ParameterNames.Count == dimension
            ? this
            : throw new ArgumentException($"Expected {dimension} parameter names, got {ParameterNames.Count}.", nameof(ParameterNames));
    }
}

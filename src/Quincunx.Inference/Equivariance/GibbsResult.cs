using System.Globalization;

namespace Quincunx.Inference.Equivariance;

/// <summary>The last state of many chains at one observation, and how they got there.</summary>
public sealed record GibbsResult
{
    public required GibbsStop StopReason { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Largest R-hat of a coordinate of the pose over the last half of the iterations; NaN where there was no look.</summary>
    public required double RHat { get; init; }

    /// <summary>Draws that lay outside the prior or were not finite and were made again.</summary>
    public required long Redrawn { get; init; }

    /// <summary>Times that a chain found nothing inside the prior and was replaced by another.</summary>
    public required long Replaced { get; init; }

    /// <summary>Draws of the posterior, shape <c>[chains, d]</c>; empty for <see cref="GibbsStop.OutsidePrior"/>.</summary>
    public required IReadOnlyList<double> Thetas { get; init; }

    /// <summary>Blurred poses that <see cref="Thetas"/> were drawn at, shape <c>[chains, p]</c>.</summary>
    public required IReadOnlyList<double> Poses { get; init; }

    /// <summary>What a reader must know, in a sentence.</summary>
    public string Advice => StopReason switch
    {
        GibbsStop.Converged => string.Create(CultureInfo.InvariantCulture, $"Chains agree after {Iterations} iterations (R-hat {RHat:F3})."),
        GibbsStop.IterationsExhausted => string.Create(
            CultureInfo.InvariantCulture,
            $"Chains do not agree after {Iterations} iterations (R-hat {RHat:F3}): they remember where they started. A wider kernel mixes faster; otherwise allow more iterations, or look whether the pose has several modes that the kernel does not join."),
        _ => "No chain found parameters inside the prior: the observation may be unlike all simulations, or the guess far from its pose.",
    };
}

using System.Globalization;

namespace Quincunx.Inference.Gold;

/// <summary>Theta from the mean score of some events.</summary>
/// <param name="Theta">Shape <c>[d]</c>.</param>
/// <param name="Covariance">Of Theta over repetitions, shape <c>[d, d]</c>.</param>
/// <param name="Events">Events it is from.</param>
/// <param name="EventDistance">Local distance between Theta and the reference (<see cref="FisherInformation.Distance"/>).</param>
public sealed record LocalEstimate(IReadOnlyList<double> Theta, IReadOnlyList<double> Covariance, int Events, double EventDistance)
{
    // Where one event's log-ratio is of this size, its square is a tenth of it: what a linear model leaves out.
    private const double LinearDistance = 0.2;

    /// <summary>Whether the estimate is so near the reference that a linear model of the log-likelihood is a good one: a rule of thumb.</summary>
    public bool IsLocal => EventDistance <= LinearDistance;

    /// <summary>What to do where it is not near, or null.</summary>
    public string? Advice => IsLocal
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The estimate is {EventDistance:G3} standard deviations of one event from the reference; the linear model is good to about {LinearDistance}. Simulate at the estimate, learn the score there, and estimate again.");
}

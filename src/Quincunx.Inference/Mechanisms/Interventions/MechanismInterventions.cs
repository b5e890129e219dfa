namespace Quincunx.Inference.Mechanisms.Interventions;

/// <summary>Mechanisms under interventions.</summary>
public static class MechanismInterventions
{
    /// <summary>The mechanism with some choices or quantities taken out of its hands: a mechanism again, with all its readings.</summary>
    /// <param name="mechanism">Not changed.</param>
    /// <param name="interventions">
    /// The more special first: one for a site before one for all sites of its name, and of equals the first. An output's name stands for <see cref="Site.Output"/>.
    /// </param>
    /// <exception cref="ArgumentException">Two interventions are for the same.</exception>
    public static IntervenedMechanism Under(this IMechanism mechanism, params IReadOnlyList<Intervention> interventions) => new(mechanism, interventions);
}

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.bayesian</c>: the Bayesian neural network.</summary>
/// <param name="Hidden">Hidden units; 0 for a linear network.</param>
/// <param name="Warmup">Iterations of each chain before its first network.</param>
/// <param name="Draws">Networks kept of each chain.</param>
/// <param name="Thinning">Iterations from one of them to the next.</param>
/// <param name="Acceptance">That the step size is tuned to.</param>
/// <param name="Gradients">After which sampling ends; null: no such budget.</param>
public sealed record BayesianSettings(int Hidden, int Chains, int Warmup, int Draws, int Thinning, double Acceptance, long? Gradients)
{
    /// <summary>Where a study says nothing.</summary>
    public static BayesianSettings Usual { get; } = new(Hidden: 16, Chains: 4, Warmup: 400, Draws: 100, Thinning: 3, Acceptance: 0.95, Gradients: null);
}

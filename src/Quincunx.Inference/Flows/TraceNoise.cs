namespace Quincunx.Inference.Flows;

/// <summary>The noise of Hutchinson's estimate of a trace, tr J = E ε · J ε.</summary>
public enum TraceNoise
{
    /// <summary>±1 with equal chances (Hutchinson 1989, Commun. Stat. Simul. 18, 1059): of all independent noise that with the smallest variance, which the diagonal of J does not enter.</summary>
    Rademacher,

    /// <summary>Standard normal.</summary>
    Gaussian,
}

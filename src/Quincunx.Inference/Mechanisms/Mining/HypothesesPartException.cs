namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>A branch that takes its course from theta goes different ways under the hypotheses that are evaluated together: each must be evaluated by itself.</summary>
internal sealed class HypothesesPartException : Exception
{
    public HypothesesPartException()
        : base("Hypotheses take different branches.")
    {
    }
}

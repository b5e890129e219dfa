namespace Quincunx.Inference.Simulation;

/// <summary>A simulator whose likelihood can be evaluated, so that posteriors can be reweighted to exactness.</summary>
public interface ILikelihood
{
    /// <summary>log p(x | theta), all normalising constants included; negative infinity where x is impossible.</summary>
    double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x);
}

using System.Numerics;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms;

/// <summary>The distribution of one choice: of a real number, or of a whole number or label counted from 0.</summary>
/// <remarks>Its parameters may carry derivatives or several hypotheses; what is drawn is a plain number. <see cref="Law"/> makes them.</remarks>
public interface ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <summary>Whether values are counted and <see cref="LogProb"/> is the logarithm of a probability, not of a density.</summary>
    static abstract bool IsDiscrete { get; }

    /// <summary>A draw, at the plain values of the parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is outside its range or NaN.</exception>
    double Sample(Rng rng);

    /// <summary>Normalised log-density or log-probability, moving with the parameters; negative infinity outside the support.</summary>
    TReal LogProb(double value);

    /// <summary>The value that a standard normal noise becomes, at the plain values of the parameters: increasing in the noise.</summary>
    /// <remarks>The choice as a mechanism with noise of its own, the quantile function at Φ(noise): what a counterfactual replays.</remarks>
    double FromNoise(double noise);

    /// <summary>The noise that became a value; where many did (a discrete law), one of them, drawn from their distribution.</summary>
    double ToNoise(double value, Rng rng);
}

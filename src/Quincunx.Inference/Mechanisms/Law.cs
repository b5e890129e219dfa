using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Inference.Mechanisms.Laws;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms;

/// <summary>Makes the laws of choices, and holds what those who write their own need.</summary>
public static class Law
{
    /// <summary>Normal with a mean and a standard deviation, positive.</summary>
    public static NormalLaw<TReal> Normal<TReal>(TReal mean, TReal standardDeviation)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(mean, standardDeviation);

    /// <summary>The exponential of a normal with mean <paramref name="mu"/> and standard deviation <paramref name="sigma"/>, positive.</summary>
    public static LogNormalLaw<TReal> LogNormal<TReal>(TReal mu, TReal sigma)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(mu, sigma);

    /// <summary>Uniform between two finite ends, in order.</summary>
    public static UniformLaw<TReal> Uniform<TReal>(TReal lower, TReal upper)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(lower, upper);

    /// <summary>Exponential with a positive rate.</summary>
    public static ExponentialLaw<TReal> Exponential<TReal>(TReal rate)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(rate);

    /// <summary>Gamma with a positive shape and rate.</summary>
    public static GammaLaw<TReal> Gamma<TReal>(TReal shape, TReal rate)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(shape, rate);

    /// <summary>Beta with two positive shapes.</summary>
    public static BetaLaw<TReal> Beta<TReal>(TReal a, TReal b)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(a, b);

    /// <summary>Student's t with positive degrees of freedom and scale.</summary>
    public static StudentTLaw<TReal> StudentT<TReal>(TReal degreesOfFreedom, TReal location, TReal scale)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(degreesOfFreedom, location, scale);

    /// <summary>1 with a probability, otherwise 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BernoulliLaw<TReal> Bernoulli<TReal>(TReal probability)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(probability);

    /// <summary>1 with a probability given by its log-odds, otherwise 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BernoulliLogitLaw<TReal> BernoulliLogit<TReal>(TReal logOdds)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(logOdds);

    /// <summary>Successes in 0 to 2⁵⁰ trials.</summary>
    public static BinomialLaw<TReal> Binomial<TReal>(long trials, TReal probability)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(trials, probability);

    /// <summary>Poisson with a mean from 0 to 2⁵⁰.</summary>
    public static PoissonLaw<TReal> Poisson<TReal>(TReal mean)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(mean);

    /// <summary>An index with probability proportional to its weight; the weights stay where they are.</summary>
    public static CategoricalLaw<TReal> Categorical<TReal>(ReadOnlySpan<TReal> weights)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => new(weights);

    /// <summary>The plain number in a number that carries something along.</summary>
    /// <remarks>For laws alone. A mechanism that took its course from it would hide from its trace how theta matters.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Value<TReal>(TReal x)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> =>
        typeof(TReal) == typeof(double) ? (double)(object)x
        : x is ICarrier carrier ? carrier.Value
        : double.CreateTruncating(x);

    /// <summary>The standard normal noise of a value with a share <paramref name="below"/> of its law below it and <paramref name="above"/> above; the smaller share keeps its digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The smaller share is not in [0, 1].</exception>
    public static double Noise(double below, double above) => Laws.Noise.Of(below, above);

    /// <summary>log(1 + x) with its digits for small x, moving with x.</summary>
    public static TReal Log1p<TReal>(TReal x)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal u = TReal.One + x;
        return TReal.IsZero(u) ? TReal.Log(u) : TReal.Log(u) + ((x - (u - TReal.One)) / u);
    }

    /// <summary>log Γ(x) for positive x, moving with x; error below 1e-14 of it, or 1e-14.</summary>
    /// <remarks>Stirling's series (Abramowitz and Stegun 6.1.41) at x + n above 15, less log x (x + 1) ... (x + n - 1).</remarks>
    public static TReal LogGamma<TReal>(TReal x)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        double plain = Value(x);
        TReal product = TReal.One;
        for (int steps = plain < 15 ? 15 - (int)plain : 0; steps > 0; steps--)
        {
            product *= x;
            x += TReal.One;
        }

        TReal y = TReal.One / (x * x), series = TReal.Zero;
        ReadOnlySpan<double> coefficients = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156];
        for (int j = coefficients.Length - 1; j >= 0; j--)
        {
            series = TReal.CreateTruncating(coefficients[j]) + (y * series);
        }

        TReal half = TReal.CreateTruncating(0.5), halfLogTau = TReal.CreateTruncating(SpecialFunctions.HalfLog2Pi);
        return ((x - half) * TReal.Log(x)) - x + halfLogTau + (series / x) - TReal.Log(product);
    }

    /// <summary>What the density is where there is none: negative infinity, or NaN for NaN.</summary>
    public static TReal Outside<TReal>(double value)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => double.IsNaN(value) ? TReal.NaN : TReal.NegativeInfinity;
}

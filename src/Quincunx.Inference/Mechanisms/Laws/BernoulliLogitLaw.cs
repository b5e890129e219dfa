using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>1 with a probability given by its log-odds ln(p / (1 − p)), otherwise 0; exact where the probability itself would round to 0 or 1.</summary>
public readonly struct BernoulliLogitLaw<TReal>(TReal logOdds) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(Rng rng)
    {
        double value = Law.Value(logOdds);
        Parameter.Check(!double.IsNaN(value), value, "log-odds");
        return rng.NextDouble() < SpecialFunctions.Sigmoid(value) ? 1 : 0;
    }

    /// <inheritdoc/>
    public TReal LogProb(double value) => value switch
    {
        1 => LogSigmoid(logOdds),
        0 => LogSigmoid(-logOdds),
        _ => Law.Outside<TReal>(value),
    };

    /// <inheritdoc/>
    public double FromNoise(double noise) => Plain().FromNoise(noise);

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => Plain().ToNoise(value, rng);

    private BernoulliLaw<double> Plain() => new(SpecialFunctions.Sigmoid(Law.Value(logOdds)));

    private static TReal LogSigmoid(TReal x) => TReal.Min(x, TReal.Zero) - Law.Log1p(TReal.Exp(-TReal.Abs(x)));
}

using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Physics.JumpProcesses;

/// <summary>The time until the next jump, cut off at the end of what is simulated: exponential below the end, and the end itself where nothing happens before it.</summary>
/// <remarks>The end has a probability, e^(−rate × end), and times before it a density: with both, the density of a whole path is right up to the end. A rate of 0 never jumps.</remarks>
/// <param name="rate">Jumps a unit of time, at least 0.</param>
/// <param name="end">Time that is left, at least 0.</param>
internal readonly struct WaitingLaw<TReal>(TReal rate, double end) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    public double Sample(Rng rng)
    {
        double plain = Law.Value(rate);
        if (!(plain >= 0 && double.IsFinite(plain)))
        {
            throw new ArgumentException($"A choice expected a finite rate of at least 0, got {plain}.");
        }

        return plain > 0 ? Math.Min(rng.NextExponential() / plain, end) : end;
    }

    /// <inheritdoc/>
    public TReal LogProb(double value) => value >= 0 && value < end ? TReal.Log(rate) - (rate * TReal.CreateTruncating(value))
        : value == end ? -(rate * TReal.CreateTruncating(end))
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise)
    {
        double plain = Law.Value(rate);
        return plain > 0 ? Math.Min(-SpecialFunctions.NormalLogCdf(-noise) / plain, end) : end;
    }

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng)
    {
        // The share of waiting times above; all those beyond the end became the end.
        double later = Math.Exp(-Law.Value(rate) * value);
        later *= value >= end ? rng.NextOpenDouble() : 1;
        return Law.Noise(value >= end ? 1 - later : -SpecialFunctions.Expm1(-Law.Value(rate) * value), later);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Mechanisms.Laws;

/// <summary>The exponential of a normal with mean <c>mu</c> and standard deviation <c>sigma</c>.</summary>
public readonly struct LogNormalLaw<TReal>(TReal mu, TReal sigma) : ILaw<TReal>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    /// <inheritdoc/>
    public static bool IsDiscrete => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(Rng rng) => Math.Exp(new NormalLaw<TReal>(mu, sigma).Sample(rng));

    /// <inheritdoc/>
    public TReal LogProb(double value) => value > 0 && double.IsFinite(value)
        ? new NormalLaw<TReal>(mu, sigma).LogProb(Math.Log(value)) - TReal.CreateTruncating(Math.Log(value))
        : Law.Outside<TReal>(value);

    /// <inheritdoc/>
    public double FromNoise(double noise) => Math.Exp(new NormalLaw<TReal>(mu, sigma).FromNoise(noise));

    /// <inheritdoc/>
    public double ToNoise(double value, Rng rng) => new NormalLaw<TReal>(mu, sigma).ToNoise(Math.Log(value), rng);
}

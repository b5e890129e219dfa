using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys;

/// <summary>The Ornstein-Uhlenbeck process dX = κ (μ − X) dt + σ dW, stationary, seen without noise at regular times.</summary>
/// <remarks>
/// Parameters: <c>mean</c> μ in the units of X; <c>rate</c> κ, one over time, positive; <c>volatility</c> σ in units of X over the square root of time, positive. The discretisation is
/// exact: X(0) is Normal(μ, σ² / 2κ), and X(t + Δ) given X(t) is Normal(μ + (X(t) − μ) e^(−κΔ), σ² (1 − e^(−2κΔ)) / 2κ)
/// (G. E. Uhlenbeck and L. S. Ornstein 1930, Phys. Rev. 36, 823; variances are good to 1e-16 / κΔ).
/// </remarks>
public sealed class OrnsteinUhlenbeck : IMechanism, ILikelihood
{
    /// <param name="points">Times at which X is seen, the first at 0; positive.</param>
    /// <param name="interval">Time from one to the next, positive.</param>
    public OrnsteinUhlenbeck(int points = 50, double interval = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        if (!(interval > 0 && double.IsFinite(interval)))
        {
            throw new ArgumentOutOfRangeException(nameof(interval), interval, "Expected a positive, finite interval.");
        }

        Interval = interval;
        OutputNames = [.. Enumerable.Range(0, points).Select(i => $"x_{i}")];
    }

    /// <summary>Time from one observation to the next.</summary>
    public double Interval { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["mean", "rate", "volatility"];

    /// <summary>X at times 0, Δ, 2Δ and so on.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs.</remarks>
    /// <exception cref="ArgumentException">The rate or the volatility is not positive.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        (TReal mean, TReal spread, TReal decay, TReal step) = Moments(theta);
        x[0] = trace.Draw(Site.Output(0), Law.Normal(mean, spread));
        for (int i = 1; i < x.Length; i++)
        {
            x[i] = trace.Draw(Site.Output(i), Law.Normal(mean + ((x[i - 1] - mean) * decay), step));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or the rate or the volatility is not positive.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        (double mean, double spread, double decay, double step) = Moments(theta);
        double sum = Law.Normal(mean, spread).LogProb(x[0]);
        for (int i = 1; i < x.Length; i++)
        {
            sum += Law.Normal(mean + ((x[i - 1] - mean) * decay), step).LogProb(x[i]);
        }

        return sum;
    }

    // Mean and standard deviation at any time; what is left of a deviation after an interval, and the standard deviation of what has joined it.
    private (TReal Mean, TReal Spread, TReal Decay, TReal Step) Moments<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        (TReal mean, TReal rate, TReal volatility) = (theta[0], theta[1], theta[2]);
        if (!(rate > TReal.Zero && volatility > TReal.Zero))
        {
            throw new ArgumentException($"Expected a positive rate and volatility, got {rate} and {volatility}.", nameof(theta));
        }

        TReal decay = TReal.Exp(-rate * TReal.CreateTruncating(Interval)), spread = volatility / TReal.Sqrt(rate + rate);
        return (mean, spread, decay, spread * TReal.Sqrt(TReal.One - (decay * decay)));
    }
}

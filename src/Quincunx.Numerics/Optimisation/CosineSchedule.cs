using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>A linear rise over the first steps, then half a cosine down to a last rate, which later steps keep.</summary>
/// <remarks>Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts. With no fall (last = peak) it is a constant after the rise.</remarks>
public sealed class CosineSchedule : ILearningRateSchedule
{
    private readonly double _peak, _last;
    private readonly long _warmUp, _steps;

    /// <param name="peak">Rate after the rise.</param>
    /// <param name="steps">All steps, those of the rise included.</param>
    /// <param name="warmUp">Steps of the rise; step s of them has the rate peak (s + 1) / (warmUp + 1).</param>
    /// <param name="last">Rate at the end.</param>
    public CosineSchedule(double peak, long steps, long warmUp = 0, double last = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(peak);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(warmUp, steps);
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, peak);
        (_peak, _steps, _warmUp, _last) = (peak, steps, warmUp, last);
    }

    /// <inheritdoc/>
    public double Rate(long step)
    {
        if (step < _warmUp)
        {
            return _peak * (step + 1) / (_warmUp + 1);
        }

        double done = _steps == _warmUp ? 1 : Math.Min(1, (step - _warmUp) / (double)(_steps - _warmUp));
        return _last + ((_peak - _last) * 0.5 * (1 + Math.Cos(Math.PI * done)));
    }

    /// <inheritdoc/>
    public void Observe(double loss)
    {
    }

    /// <inheritdoc/>
    public NamedTensors Export() => [];

    /// <inheritdoc/>
    public void Import(NamedTensors state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Count > 0)
        {
            throw new StateException("A schedule that depends on the step alone has no state, yet some is stored.");
        }
    }
}

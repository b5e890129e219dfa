using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>Lowers the rate by a factor whenever the loss has not improved for some epochs.</summary>
public sealed class PlateauSchedule : ILearningRateSchedule
{
    private readonly double _factor, _least, _threshold;
    private readonly int _patience;
    private double _rate, _best = double.PositiveInfinity;
    private long _waited;

    /// <param name="rate">The rate to start with.</param>
    /// <param name="factor">What it is multiplied by, in (0, 1).</param>
    /// <param name="patience">Epochs without improvement that are borne; the next one lowers the rate.</param>
    /// <param name="threshold">What a loss must lie below the best one to count as better.</param>
    /// <param name="least">The rate is never lowered below this.</param>
    public PlateauSchedule(double rate, double factor = 0.5, int patience = 5, double threshold = 0, double least = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1.0);
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfNegative(least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, rate);
        (_rate, _factor, _patience, _threshold, _least) = (rate, factor, patience, threshold, least);
    }

    /// <inheritdoc/>
    public double Rate(long step) => _rate;

    /// <inheritdoc/>
    public void Observe(double loss)
    {
        if (loss < _best - _threshold)
        {
            (_best, _waited) = (loss, 0);
        }
        else if (++_waited > _patience)
        {
            (_rate, _waited) = (Math.Max(_least, _rate * _factor), 0);
        }
    }

    /// <inheritdoc/>
    public NamedTensors Export() => new() { { "rate", _rate }, { "best", _best }, { "waited", _waited } };

    /// <inheritdoc/>
    public void Import(NamedTensors state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (_rate, _best, _waited) = (state.GetScalar("rate"), state.GetScalar("best"), state.GetInteger("waited"));
    }
}

using Quincunx.Inference.Distributions;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Fresh;

/// <summary>Outputs that are events in no order: each step sees them in another one, and a network that is no function of sets learns that the order tells nothing.</summary>
/// <remarks>A network that is one (a deep set) has no need of it.</remarks>
public sealed class ShuffledEvents : IAugmentation
{
    private readonly int _events, _features;

    /// <param name="events">Events in an output, in the order in which they lie there.</param>
    /// <param name="features">Numbers of an event, which stay together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public ShuffledEvents(int events, int features = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(events);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        (_events, _features) = (events, features);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The output has another length.</exception>
    public void Change(Span<double> theta, Span<double> output, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Require.Length(output.Length, _events * _features, nameof(output));
        for (int last = _events - 1; last > 0; last--)
        {
            int other = rng.NextInt32(last + 1);
            for (int j = 0; j < _features; j++)
            {
                int a = (last * _features) + j, b = (other * _features) + j;
                (output[a], output[b]) = (output[b], output[a]);
            }
        }
    }
}

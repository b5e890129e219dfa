using System.Numerics;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>A neuron that spikes, in each of some time bins, with log-odds linear in an offset and the last nine values of its stimulus.</summary>
internal sealed class SpikingNeuron
{
    /// <summary>Values of the stimulus that the neuron remembers.</summary>
    public const int Lags = 9;

    /// <summary>Offset and one weight for each lag.</summary>
    public const int Parameters = 1 + Lags;

    private readonly double[] _padded;

    /// <param name="stimulus">One value a bin; before the first it is 0.</param>
    public SpikingNeuron(ReadOnlySpan<double> stimulus)
    {
        if (stimulus.IsEmpty)
        {
            throw new ArgumentException("Expected at least one value, got none.", nameof(stimulus));
        }

        foreach (double value in stimulus)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"Expected finite values, got {value}.", nameof(stimulus));
            }
        }

        _padded = [.. new double[Lags - 1], .. stimulus];
    }

    /// <summary>The stimulus of the published task: 100 normals of NumPy's seed 42 in float32.</summary>
    public static double[] PublishedStimulus()
    {
        var random = new NumPyRandom(42);
        double[] stimulus = new double[100];
        foreach (ref double value in stimulus.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return stimulus;
    }

    public static IReadOnlyList<string> ParameterNames { get; } = ["offset", .. Enumerable.Range(0, Lags).Select(lag => $"weight_{lag}")];

    public int Bins => _padded.Length - (Lags - 1);

    public ReadOnlySpan<double> Stimulus => _padded.AsSpan(Lags - 1);

    /// <summary>The stimulus so many bins before.</summary>
    public double Before(int bin, int lag) => _padded[bin + (Lags - 1) - lag];

    /// <summary>Log-odds of a spike.</summary>
    public TReal Drive<TReal>(ReadOnlySpan<TReal> theta, int bin)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal drive = theta[0];
        for (int lag = 0; lag < Lags; lag++)
        {
            drive += theta[1 + lag] * TReal.CreateTruncating(Before(bin, lag));
        }

        return drive;
    }
}

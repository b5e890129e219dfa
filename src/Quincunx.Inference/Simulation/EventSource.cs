using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Simulation;

/// <summary>Where the parameters of events come from: a sampler, or rows that are given.</summary>
internal sealed class EventSource
{
    private readonly ParameterSampler? _sampler;
    private readonly double[] _rows = [];
    private readonly long _from;

    public EventSource(ParameterSampler sampler) => _sampler = sampler;

    /// <param name="rows">Those of event <paramref name="from"/> and the following; finite.</param>
    public EventSource(double[] rows, long from) => (_rows, _from) = (rows, from);

    /// <param name="stream">That of the event; the parameters are drawn from its child "theta".</param>
    public void Read(long number, Span<double> theta, Rng stream, IReadOnlyList<string> names)
    {
        if (_sampler is null)
        {
            _rows.AsSpan((int)(number - _from) * theta.Length, theta.Length).CopyTo(theta);
            return;
        }

        _sampler(theta, stream.Split("theta"));
        int bad = SimulationSet.FirstNonFinite(theta);
        if (bad >= 0)
        {
            throw new InvalidOperationException($"The prior drew {theta[bad]} for {names[bad]} in event {number}.");
        }
    }
}

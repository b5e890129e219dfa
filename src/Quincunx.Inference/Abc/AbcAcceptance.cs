namespace Quincunx.Inference.Abc;

/// <summary>The draws that rejection keeps: all within a tolerance, or the nearest so far. Bounded in memory by what is accepted.</summary>
internal sealed class AbcAcceptance(int dimension, int summaries, double[] observed, RejectionAbcOptions options)
{
    private readonly List<Draw> _kept = [], _pending = [];
    private readonly int _most = options.Tolerance is null ? NearestCount(options.AcceptedShare, options.Budget - options.FirstEvent) : int.MaxValue;

    public AbcDistance? Distance { get; private set; }

    public double Typicality { get; private set; } = double.NaN;

    /// <summary>The least distance of all simulations.</summary>
    public double Nearest { get; private set; } = double.PositiveInfinity;

    public double Tolerance => options.Tolerance ?? double.PositiveInfinity;

    public int Count => _kept.Count;

    /// <summary>Events that are still missing for the scales of the distance; null if they are there.</summary>
    public int? WantedForScales(long simulations) => Distance is null ? (int)Math.Max(1, options.ScaleSimulations - simulations) : null;

    /// <param name="simulations">Made in all, these included.</param>
    public void Add(AbcBatch batch, long simulations)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            var draw = new Draw(batch.Events[i], batch.Theta[(i * dimension)..((i + 1) * dimension)], batch.Summaries[(i * summaries)..((i + 1) * summaries)], double.NaN);
            if (Distance is null)
            {
                _pending.Add(draw);
            }
            else
            {
                Judge(draw);
            }
        }

        if (Distance is null && simulations >= options.ScaleSimulations && _pending.Count > 1)
        {
            FindScales();
        }
    }

    /// <summary>Finds the scales from what there is, if that has not been done, and says how many are accepted.</summary>
    public int Close()
    {
        if (Distance is null && _pending.Count > 0)
        {
            FindScales();
        }

        return Count;
    }

    /// <summary>The accepted draws in the order of their events, and the largest distance that one may have.</summary>
    /// <param name="simulations">Made in all: after a cancellation the share is that of these.</param>
    public (AbcDraws Draws, double Tolerance) Draws(long simulations)
    {
        Draw[] draws = [.. _kept];
        if (options.Tolerance is null)
        {
            draws = [.. draws.OrderBy(draw => draw.Distance).ThenBy(draw => draw.Event).Take(NearestCount(options.AcceptedShare, simulations)).OrderBy(draw => draw.Event)];
        }
        else if (options.Samples is int wanted)
        {
            draws = [.. draws.Take(wanted)];
        }

        return draws.Length == 0
            ? (AbcDraws.None(dimension), Tolerance)
            : (new AbcDraws
            {
                Dimension = dimension,
                Theta = [.. draws.SelectMany(draw => draw.Theta)],
                Summaries = [.. draws.SelectMany(draw => draw.Summary)],
                Distances = [.. draws.Select(draw => draw.Distance)],
                Weights = [.. draws.Select(_ => 1.0 / draws.Length)],
            }, options.Tolerance ?? draws.Max(draw => draw.Distance));
    }

    private static int NearestCount(double share, long simulations) => (int)Math.Max(1, Math.Ceiling(share * simulations));

    private void FindScales()
    {
        double[] rows = [.. _pending.SelectMany(draw => draw.Summary)];
        Distance = AbcDistance.Fit(options.Metric, rows, summaries);
        Typicality = AbcTypicality.Of(Distance, rows, observed);
        _pending.ForEach(Judge);
        _pending.Clear();
    }

    private void Judge(Draw draw)
    {
        double distance = Distance!.Between(draw.Summary, observed);
        Nearest = Math.Min(Nearest, distance);
        if (!(distance <= Tolerance))
        {
            return;
        }

        _kept.Add(draw with { Distance = distance });
        if (_kept.Count >= 2L * _most + 1000)
        {
            // By distance and then by number, so that what is dropped does not depend on when.
            _kept.Sort((a, b) => a.Distance == b.Distance ? a.Event.CompareTo(b.Event) : a.Distance.CompareTo(b.Distance));
            _kept.RemoveRange(_most, _kept.Count - _most);
        }
    }

    private sealed record Draw(long Event, double[] Theta, double[] Summary, double Distance);
}

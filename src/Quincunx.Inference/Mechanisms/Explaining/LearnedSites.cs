namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>The sites that a proposal knows, and the place of each among its features.</summary>
internal sealed class LearnedSites
{
    // A site that so few events come by says nothing that could be learned.
    private const int Rarest = 10;

    private readonly Dictionary<Site, int> _places = [];
    private readonly LearnedSite[] _sites;

    /// <param name="outputs">Features before those of the sites: the standardised outputs.</param>
    public LearnedSites(IReadOnlyList<LearnedSite> sites, int outputs)
    {
        _sites = [.. sites];
        Features = outputs;
        for (int i = 0; i < _sites.Length; i++)
        {
            _sites[i] = _sites[i] with { Slot = Features };
            Features += _sites[i].Width;
            _places.Add(_sites[i].Site, i);
        }

        MostValues = _sites.Max(s => s.Values);
        HasNoise = _sites.Any(s => s.Values == 0);
    }

    public int Count => _sites.Length;

    /// <summary>Features of outputs and sites.</summary>
    public int Features { get; }

    /// <summary>Most values of a choice that is proposed by probabilities; 0 where there is none.</summary>
    public int MostValues { get; }

    /// <summary>Whether any choice is proposed by its noise.</summary>
    public bool HasNoise { get; }

    public ref readonly LearnedSite this[int index] => ref _sites[index];

    /// <summary>The index of a site whose choices are of a kind; -1 where it is not known.</summary>
    public int Find(Site site, TraceEntryKind kind) => _places.TryGetValue(site, out int at) && _sites[at].Kind == kind ? at : -1;

    /// <summary>The sites of simulated events, the most frequent, in the order they came up.</summary>
    /// <exception cref="ArgumentException">No choice occurs often enough.</exception>
    public static LearnedSites Of(IReadOnlyList<(Site Site, TraceEntryKind Kind, double Value)[]> events, int outputs, TraceProposalOptions options)
    {
        var seen = new Dictionary<(Site Site, TraceEntryKind Kind), List<double>>();
        List<(Site Site, TraceEntryKind Kind)> order = [];
        foreach ((Site site, TraceEntryKind kind, double value) in events.SelectMany(e => e))
        {
            if (!seen.TryGetValue((site, kind), out List<double>? values))
            {
                seen[(site, kind)] = values = [];
                order.Add((site, kind));
            }

            values.Add(value);
        }

        // A site with choices of two kinds is learned for the more frequent one. Sorting is stable, so that ties go to what came up first.
        var frequent = order.Where(k => seen[k].Count >= Rarest).OrderByDescending(k => seen[k].Count).DistinctBy(k => k.Site).Take(options.MostSites).ToHashSet();
        LearnedSite[] sites = [.. order.Where(frequent.Contains).Select(k => Describe(k.Site, k.Kind, seen[k], options.MostValues))];
        return sites.Length > 0
            ? new LearnedSites(sites, outputs)
            : throw new ArgumentException($"Expected a mechanism with choices besides its outputs that {Rarest} or more of {events.Count} events come by, found none.");
    }

    private static LearnedSite Describe(Site site, TraceEntryKind kind, List<double> values, int mostValues)
    {
        double largest = values.Max(), mean = values.Average(), variance = values.Average(v => (v - mean) * (v - mean));
        int count = kind == TraceEntryKind.Discrete && values.Min() >= 0 && largest < mostValues ? (int)largest + 1 : 0;
        double scale = Math.Sqrt(variance);
        return new LearnedSite(site, kind, count, 0, double.IsFinite(mean) ? mean : 0, double.IsNormal(scale) ? scale : 1);
    }
}

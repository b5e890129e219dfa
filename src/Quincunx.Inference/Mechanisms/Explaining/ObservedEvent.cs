namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>One run of a mechanism under an observation: its lines, and the weight of what was seen. Reused from run to run.</summary>
internal sealed class ObservedEvent
{
    private readonly IMechanism _mechanism;
    private readonly double[] _theta, _seen, _x, _drawn;
    private readonly IReadOnlyDictionary<Site, double> _sites;
    private readonly OutputKernel? _kernel;
    private readonly bool _hasSites;
    private readonly SitePlaces _known = new();
    private TraceEntry[] _entries = new TraceEntry[64];
    private bool[] _isLatent = new bool[64];
    private Dictionary<Site, int>? _places;
    private int _sitesMet;

    /// <param name="kernel">In place of the observation's.</param>
    public ObservedEvent(IMechanism mechanism, double[] theta, Observation observation, OutputKernel? kernel)
    {
        (_mechanism, _theta, _kernel) = (mechanism, theta, kernel);
        (_seen, _sites, _hasSites) = ([.. observation.X], observation.Sites, observation.Sites.Count > 0);
        (_x, _drawn) = (new double[_seen.Length], new double[_seen.Length]);
    }

    /// <summary>Lines so far, in the order of the program.</summary>
    public ReadOnlySpan<TraceEntry> Entries => _entries.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>Choices that were not seen.</summary>
    public int LatentCount { get; private set; }

    /// <summary>Log-density of the choices that were seen, plus the log-weight of the computed quantities that were.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Whether every computed quantity that was seen is what it was seen to be.</summary>
    public bool IsExact { get; private set; }

    /// <summary>The line of each site.</summary>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice.</exception>
    public Dictionary<Site, int> Places => _places ??= _known.Of(Entries);

    public bool IsLatent(int entry) => _isLatent[entry];

    /// <summary>Runs the mechanism once.</summary>
    /// <exception cref="InvalidOperationException">What the mechanism draws at an output is not what it puts there.</exception>
    public void Run<TTrace>(ref TTrace trace)
        where TTrace : struct, ITrace<double>
    {
        (Count, LatentCount, LogLikelihood, IsExact, _sitesMet, _places) = (0, 0, 0, true, 0, null);
        Array.Fill(_drawn, double.NaN);
        _mechanism.Run(_theta, _x, ref trace);
        for (int i = 0; i < _x.Length; i++)
        {
            if (!double.IsNaN(_drawn[i]))
            {
                if (_x[i] != _drawn[i])
                {
                    throw new InvalidOperationException(
                        $"The mechanism draws {_drawn[i]} at the site {Site.Output(i)} but puts {_x[i]} into output {i}; what is drawn at an output must be put there unchanged.");
                }
            }
            else if (!double.IsNaN(_seen[i]))
            {
                bool agrees = _x[i] == _seen[i];
                IsExact &= agrees;
                LogLikelihood += _kernel is not null ? _kernel(i, _x[i], _seen[i]) : agrees ? 0 : double.NegativeInfinity;
            }
        }

        if (_sitesMet < _sites.Count)
        {
            (IsExact, LogLikelihood) = (false, double.NegativeInfinity);
        }
    }

    /// <summary>The value of a choice, if it was seen.</summary>
    /// <exception cref="InvalidOperationException">The site names an output that does not exist.</exception>
    public bool IsSeen(Site site, out double value)
    {
        if (ReferenceEquals(site.Name, Site.OutputName) || site.Name == Site.OutputName)
        {
            value = (ulong)site.Index < (ulong)_seen.Length && site.Second == 0
                ? _seen[site.Index]
                : throw new InvalidOperationException($"The mechanism draws at the site {site}, but has {_seen.Length} outputs.");
            return !double.IsNaN(value);
        }

        value = double.NaN;
        return _hasSites && _sites.TryGetValue(site, out value);
    }

    /// <summary>Notes a choice that was seen.</summary>
    public double AddSeen<TLaw>(Site site, TLaw law, double value)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        double logProb = law.LogProb(value);
        LogLikelihood += logProb;
        Add(new(site, TraceEntry.KindOf<TLaw>(), value, logProb, double.NaN), isLatent: false);
        _sitesMet += site.Name == Site.OutputName ? 0 : 1;
        return value;
    }

    /// <summary>Notes a latent choice.</summary>
    public double AddLatent<TLaw>(Site site, double value, double logProb)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        LatentCount++;
        Add(new(site, TraceEntry.KindOf<TLaw>(), value, logProb, double.NaN), isLatent: true);
        return value;
    }

    /// <summary>Notes a computed quantity, and compares it if it was seen.</summary>
    public double AddComputed(Site site, double value)
    {
        if (_hasSites && _sites.TryGetValue(site, out double seen))
        {
            _sitesMet++;
            IsExact &= value == seen;
            LogLikelihood += value == seen ? 0 : double.NegativeInfinity;
        }

        Add(new(site, TraceEntryKind.Computed, value, 0, double.NaN), isLatent: false);
        return value;
    }

    /// <summary>A copy of the run.</summary>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice.</exception>
    public TraceRecord ToRecord() => new(Entries, Places) { Theta = [.. _theta], X = [.. _x] };

    private void Add(in TraceEntry entry, bool isLatent)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * Count);
            Array.Resize(ref _isLatent, 2 * Count);
        }

        if (entry.Site.Name == Site.OutputName && entry.Kind != TraceEntryKind.Computed)
        {
            _drawn[entry.Site.Index] = entry.Value;
        }

        _isLatent[Count] = isLatent;
        _entries[Count++] = entry;
    }
}

namespace Quincunx.Inference.Mechanisms.Interventions;

/// <summary>Interventions by site and by name, and which of them have been met.</summary>
internal sealed class InterventionTable
{
    private readonly IReadOnlyList<Intervention> _all;
    private readonly Dictionary<Site, int> _bySite = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly bool[] _used;

    /// <exception cref="ArgumentException">Two interventions are for the same.</exception>
    public InterventionTable(IReadOnlyList<Intervention> interventions, IReadOnlyList<string> outputNames)
    {
        _all = [.. interventions];
        _used = new bool[_all.Count];
        for (int i = 0; i < _all.Count; i++)
        {
            Intervention change = _all[i];
            bool isNew = change.IsEverywhere ? _byName.TryAdd(change.Site.Name, i) : _bySite.TryAdd(change.Site, i);
            int output = change.IsEverywhere || change.Site is { Index: 0, Second: 0 } ? outputNames.TakeWhile(n => n != change.Site.Name).Count() : outputNames.Count;
            if (isNew && output < outputNames.Count)
            {
                isNew = _bySite.TryAdd(Site.Output(output), i);
            }

            if (!isNew)
            {
                throw new ArgumentException($"Expected one intervention on {change.Site}, got another: {change}.", nameof(interventions));
            }
        }
    }

    public IReadOnlyList<Intervention> Unused => [.. _all.Where((_, i) => !Volatile.Read(ref _used[i]))];

    public Intervention? Find(Site site)
    {
        if (!_bySite.TryGetValue(site, out int i) && !_byName.TryGetValue(site.Name, out i))
        {
            return null;
        }

        Volatile.Write(ref _used[i], true);
        return _all[i];
    }
}

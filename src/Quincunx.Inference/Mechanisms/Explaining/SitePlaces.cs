namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Where each site stands among the lines of an event, found once for events that come by the same sites in the same order.</summary>
internal sealed class SitePlaces
{
    // Programs take few ways through their sites, or so many that remembering them is no use.
    private const int Remembered = 8;

    private readonly List<(Site[] Sites, Dictionary<Site, int> Places)> _known = [];
    private int _oldest;

    /// <summary>Not to be changed.</summary>
    /// <exception cref="InvalidOperationException">The mechanism uses a site twice.</exception>
    public Dictionary<Site, int> Of(ReadOnlySpan<TraceEntry> entries)
    {
        foreach ((Site[] sites, Dictionary<Site, int> places) in _known)
        {
            if (AreSame(sites, entries))
            {
                return places;
            }
        }

        Dictionary<Site, int> found = Find(entries);
        (Site[], Dictionary<Site, int>) known = (Array.ConvertAll(entries.ToArray(), e => e.Site), found);
        if (_known.Count < Remembered)
        {
            _known.Add(known);
        }
        else
        {
            _known[_oldest] = known;
            _oldest = (_oldest + 1) % Remembered;
        }

        return found;
    }

    private static bool AreSame(Site[] sites, ReadOnlySpan<TraceEntry> entries)
    {
        if (sites.Length != entries.Length)
        {
            return false;
        }

        for (int i = 0; i < sites.Length; i++)
        {
            if (sites[i] != entries[i].Site)
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<Site, int> Find(ReadOnlySpan<TraceEntry> entries)
    {
        var places = new Dictionary<Site, int>(entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            if (!places.TryAdd(entries[i].Site, i))
            {
                throw new InvalidOperationException($"The mechanism uses the site {entries[i].Site} twice in one event; give it an index.");
            }
        }

        return places;
    }
}

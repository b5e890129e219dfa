using System.Diagnostics.CodeAnalysis;

namespace Quincunx.Inference.Mechanisms;

/// <summary>One event, written down: every choice and every named quantity, in the order they came.</summary>
public sealed class TraceRecord
{
    private readonly List<TraceEntry> _entries;
    private readonly Dictionary<Site, int> _places;

    /// <summary>An event without lines.</summary>
    public TraceRecord() => (_entries, _places) = ([], []);

    /// <summary>An event whose lines are known; nothing is to be added to it.</summary>
    /// <param name="places">Where each site stands, shared by events that came by the same sites.</param>
    internal TraceRecord(ReadOnlySpan<TraceEntry> entries, Dictionary<Site, int> places)
    {
        (_entries, _places) = (new List<TraceEntry>(entries.Length), places);
        _entries.AddRange(entries);
    }

    /// <summary>In the order of the program.</summary>
    public IReadOnlyList<TraceEntry> Entries => _entries;

    /// <summary>Sum of the log-densities of all choices: log p(x, z | theta) where all of x is drawn.</summary>
    public double LogProb => _entries.Sum(e => e.LogProb);

    /// <summary>The parameters of the event.</summary>
    public double[] Theta { get; internal set; } = [];

    /// <summary>The outputs of the event.</summary>
    public double[] X { get; internal set; } = [];

    /// <summary>The value at a site.</summary>
    /// <exception cref="KeyNotFoundException">The event did not come by it.</exception>
    public double this[Site site] => _places.TryGetValue(site, out int place)
        ? _entries[place].Value
        : throw new KeyNotFoundException($"The event has no site {site}.");

    /// <summary>The value at a site, if the event came by it.</summary>
    public bool TryGet(Site site, [MaybeNullWhen(false)] out TraceEntry entry)
    {
        bool found = _places.TryGetValue(site, out int place);
        entry = found ? _entries[place] : default;
        return found;
    }

    /// <exception cref="InvalidOperationException">The site has been used before.</exception>
    internal void Add(in TraceEntry entry)
    {
        if (!_places.TryAdd(entry.Site, _entries.Count))
        {
            throw new InvalidOperationException($"The mechanism uses the site {entry.Site} twice in one event; give it an index.");
        }

        _entries.Add(entry);
    }
}

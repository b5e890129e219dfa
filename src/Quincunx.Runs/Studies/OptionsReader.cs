using Quincunx.Runs.Studies.Rules;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies;

/// <summary>Reads a mapping of options whose keys only the catalogue knows.</summary>
internal sealed class OptionsReader(ProblemList problems)
{
    /// <param name="what">Whose options, in words: "simulator galton".</param>
    /// <param name="given">The mapping as it was parsed, or null.</param>
    /// <returns>The values of the keys that are there; null if there was a problem.</returns>
    public Dictionary<string, object>? Read(string what, IReadOnlyList<KeyRule> known, StudyValue? given)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        if (given is null)
        {
            return values;
        }

        if (known.Count == 0)
        {
            problems.Add(given, "options", "none", $"The {what} has no options.");
            return null;
        }

        int before = problems.Problems.Count;
        StudyMap? map = new MapRule("a mapping of options", known).Read((YamlItem)given.Content, given.Path, problems)?.Map;
        foreach (string key in map?.Keys ?? [])
        {
            values[key] = map!.Find(key)!.Content;
        }

        return problems.Problems.Count == before ? values : null;
    }
}

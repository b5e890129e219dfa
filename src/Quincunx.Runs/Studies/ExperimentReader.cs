using Quincunx.Inference.Experiments;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the key <c>experiment</c> with the catalogue's help.</summary>
internal sealed class ExperimentReader(IExperimentCatalog catalog, ProblemList problems)
{
    /// <returns>Null if there was a problem with it.</returns>
    public (string Name, ExperimentOptions Options, IExperiment Experiment)? Read(StudyValue? value)
    {
        StudyValue? name = value?.Content is StudyMap map ? map.Find("name") : value;
        if (name?.Content is not string word)
        {
            return null;
        }

        if (!catalog.Names.Contains(word, StringComparer.Ordinal))
        {
            problems.Add(name, $"'{word}'", $"one of {string.Join(", ", catalog.Names)}", Nearest.Hint(word, catalog.Names));
            return null;
        }

        StudyValue? given = (value?.Content as StudyMap)?.Find("options");
        IReadOnlyList<ExperimentOption> known = catalog.OptionsOf(word);
        if (new OptionsReader(problems).Read($"experiment {word}", [.. known.Select(o => new KeyRule(o.Name, RuleOf(o), o.Description, o.Default))], given) is not { } values)
        {
            return null;
        }

        var options = new ExperimentOptions(known, values);
        try
        {
            return (word, options, catalog.Create(word, options));
        }
        catch (ArgumentException e)
        {
            problems.Add(given ?? name, $"options that {word} refuses ({e.Message})", "options that go together");
            return null;
        }
    }

    private static Rule RuleOf(ExperimentOption option) => option.Default switch
    {
        string => new ChoiceRule(option.Words),
        long => new IntegerRule((long)option.Lower, (long)option.Upper),
        _ => new NumberRule(option.Lower, option.Upper),
    };
}

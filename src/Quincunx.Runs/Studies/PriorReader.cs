using Quincunx.Inference.Simulation;
using Quincunx.Runs.Studies.Rules;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the key <c>prior</c>, and distributions elsewhere that are written like its entries.</summary>
internal sealed class PriorReader(ProblemList problems)
{
    private const string WeightColumn = "weight";

    /// <returns>Without the parameters that there was a problem with.</returns>
    public List<ParameterPrior> Read(StudyValue? prior, string simulatorName, ISimulator? simulator)
    {
        var parameters = new List<ParameterPrior>();
        if (prior is null)
        {
            return parameters;
        }

        foreach (string name in prior.Map.Keys)
        {
            StudyValue? entry = prior.Map.Find(name);
            if (name == WeightColumn)
            {
                problems.Add(entry?.Line ?? prior.Line, entry?.Column ?? prior.Column, YamlTree.Join("prior", name), $"a parameter named '{WeightColumn}'", "another name: posterior.csv has a column of weights by that one");
            }

            if (ReadOne(name, entry) is { } read)
            {
                parameters.Add(read);
            }

            if (simulator is not null && !simulator.ParameterNames.Contains(name, StringComparer.Ordinal))
            {
                (int line, int column) = entry is null ? (prior.Line, prior.Column) : (entry.Line, entry.Column);
                problems.Add(
                    line, column, YamlTree.Join("prior", name), $"'{name}', which is no parameter of {simulatorName}",
                    $"one of {string.Join(", ", simulator.ParameterNames)}", Nearest.Hint(name, simulator.ParameterNames.Except(prior.Map.Keys, StringComparer.Ordinal)));
            }
        }

        string[] missing = simulator is null ? [] : [.. simulator.ParameterNames.Except(prior.Map.Keys, StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            problems.Add(prior, $"no prior for {string.Join(", ", missing)}", $"one for each parameter of {simulatorName}");
        }

        return parameters;
    }

    /// <summary>One distribution. Its own constructor has the last word on numbers that are legal one by one.</summary>
    /// <returns>Null if there was a problem.</returns>
    public ParameterPrior? ReadOne(string name, StudyValue? entry)
    {
        if (entry?.Map.Keys is not [var kind] || entry.Map.Find(kind) is not { } distribution || !PriorKinds.Check(kind, distribution, problems))
        {
            return null;
        }

        IReadOnlyList<KeyRule> keys = ((MapRule)PriorKinds.Keys.First(k => k.Name == kind).Rule).Keys;
        if (keys.Any(k => k.Required && distribution.Map.Find(k.Name) is null))
        {
            return null;                                        // reported already
        }

        var prior = new ParameterPrior(name, kind, [.. keys.Where(k => distribution.Map.Find(k.Name) is not null).Select(k => (k.Name, distribution.Map.Number(k.Name)))]);
        try
        {
            prior.CreateDistribution();
            return prior;
        }
        catch (ArgumentException e)
        {
            problems.Add(distribution, $"numbers that are no distribution ({e.Message.TrimEnd('.')})", "numbers that go together");
            return null;
        }
    }
}

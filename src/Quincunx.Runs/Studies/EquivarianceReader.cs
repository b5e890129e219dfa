using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>The keys of <c>inference.equivariance</c>: the checks between them and against prior and simulator, and the settings that they make.</summary>
internal sealed class EquivarianceReader(ProblemList problems)
{
    /// <summary>Reports what keeps a posterior with a pose from being learned beside the other keys of <c>inference</c>.</summary>
    /// <param name="method">The word of the study file.</param>
    public void Check(StudyMap inference, string method)
    {
        if (inference.Find("equivariance") is not { } found)
        {
            return;
        }

        foreach ((bool misplaced, string where, string why) in (ReadOnlySpan<(bool, string, string)>)
        [
            (method != "npe", $"for {method}", "Its networks are flows of npe."),
            (inference.Integer("rounds") > 1, "in several rounds", "A truncated prior is not one that moves with the data."),
            (inference.Find("ensemble") is not null, "beside ensemble", "There is one network that reads moved data."),
            (inference.Number("balance") > 0, "beside balance", "That condition is for the posterior of the parameters as they are."),
            (inference.Find("fresh") is { Content: true }, "beside fresh", "Blurs are fresh in each epoch, simulations are stored."),
            (inference.Find("gaps") is not null, "beside gaps", "What is missing does not move with the data."),
            (inference.Map("embedding").Find("context") is not null, "beside embedding.context", "Circumstances do not move with the data."),
        ])
        {
            if (misplaced)
            {
                problems.Add(found, "equivariance", $"no such key {where}", why);
            }
        }
    }

    /// <summary>Reports noise whose observations are not the outputs that move, or are not stored.</summary>
    /// <param name="noise">The key; null where there is none.</param>
    public void BesideNoise(StudyValue? noise, StudyMap inference)
    {
        if (noise is null || inference.Find("equivariance") is null)
        {
            return;
        }

        if (noise.Map.Find("level") is { Content: StudyMap } level)
        {
            problems.Add(level, "a distribution", "a number, or one for each output, beside inference.equivariance", "A level does not move with the data.");
        }

        if (noise.Map.Find("fresh") is { Content: true } fresh)
        {
            problems.Add(fresh, "fresh", "no such key beside inference.equivariance", "Blurs are fresh in each epoch, observations are stored.");
        }
    }

    /// <summary>Reports parameters that are not there, numbers that do not go together, and a group or a prior that is not what the symmetry asks for.</summary>
    /// <param name="own">What it names in an assembly, if it does.</param>
    /// <param name="names">Parameters of the study, in order.</param>
    /// <param name="made">Prior and network of the study; asked for where nothing is wrong with them.</param>
    public void Against(StudyValue found, AssemblyType? own, IReadOnlyList<string> names, string simulatorName, ISimulator simulator, Func<(IDistribution Prior, NeuralPosteriorOptions Network)> made)
    {
        if (!AreKnown(found.Map, names) || problems.Problems.Count > 0)
        {
            return;
        }

        EquivarianceSettings settings = Read(found.Map, own);
        StudyValue at = found.Map.Find(settings.Group)!;
        int outputs = simulator.OutputNames.Count;
        if (settings.Design is { } rows && (rows.Count != outputs || rows.Any(row => row.Count != settings.Parameters.Count)))
        {
            problems.Add(at.Map.Find("design")!, $"{rows.Count} rows of {string.Join(", ", rows.Select(row => row.Count).Distinct())} numbers", $"{outputs} rows of {settings.Parameters.Count}: a row for each output of {simulatorName}, a number for each parameter");
            return;
        }

        if (settings is { Group: "translation", Design: null, Parameters.Count: > 1 })
        {
            problems.Add(at, $"{settings.Parameters.Count} parameters without a design", "design: a row for each output, a number for each parameter");
            return;
        }

        try
        {
            IPoseGroup group = settings.CreateGroup(names, outputs);
            if (group.Dimension != names.Count || group.Features != outputs)
            {
                problems.Add(at, $"a group of {group.Dimension} parameters and {group.Features} numbers of an observation", $"one of the {names.Count} parameters and {outputs} outputs of {simulatorName}");
            }
            else if (settings.Blur.Count != group.PoseDimension)
            {
                problems.Add(found.Map.Find("blur")!, $"{settings.Blur.Count} numbers", $"{group.PoseDimension}, one for each coordinate of the pose");
            }
            else
            {
                (IDistribution prior, NeuralPosteriorOptions network) = made();
                OfGroup(found, at, settings, group, prior, network);
            }
        }
        catch (Exception e) when (e is ArgumentException || (own is not null && e is not OutOfMemoryException))
        {
            string why = e.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            problems.Add(at, own is null ? $"numbers that are no group ({why})" : $"{own.Type}, which throws {e.GetType().Name} ({why})", "those that go together with the prior");
        }
    }

    /// <param name="own">What the mapping names in an assembly, if it does.</param>
    public static EquivarianceSettings Read(StudyMap map, AssemblyType? own)
    {
        string group = ((IReadOnlyList<string>)["shift", "translation", "scale", "location-scale", "own"]).First(key => map.Find(key) is not null);
        StudyMap its = map.Map(group);
        bool isShift = group == "shift";
        return new EquivarianceSettings(
            group, ParametersOf(its), map.Numbers("blur"), map.Text("kernel"), map.Text("symmetry"), map.Integer("iterations"), map.Integer("components"),
            isShift ? its.Number("step") : null, isShift ? its.Text("ends") : null,
            its.Find("design") is { } design ? [.. design.Items.Select(row => (IReadOnlyList<double>)[.. row.Items.Select(v => v.Number)])] : null, own);
    }

    private static string[] ParametersOf(StudyMap group) => [.. Named(group).Select(value => (string)value.Content)];

    private static IEnumerable<StudyValue> Named(StudyMap group) =>
        group.Find("parameters")?.Items ?? new[] { "parameter", "location", "scale" }.Select(group.Find).OfType<StudyValue>();

    private bool AreKnown(StudyMap map, IReadOnlyList<string> names)
    {
        int before = problems.Problems.Count;
        foreach (string key in (ReadOnlySpan<string>)["shift", "translation", "scale", "location-scale"])
        {
            List<string> seen = [];
            foreach (StudyValue value in Named(map.Map(key)))
            {
                string name = (string)value.Content;
                if (!names.Contains(name, StringComparer.Ordinal))
                {
                    problems.Add(value, $"'{name}', which has no prior", $"one of {string.Join(", ", names)}", Nearest.Hint(name, names));
                }
                else if (seen.Contains(name, StringComparer.Ordinal))
                {
                    problems.Add(value, $"'{name}' again", "each parameter once");
                }

                seen.Add(name);
            }
        }

        return problems.Problems.Count == before;
    }

    private void OfGroup(StudyValue found, StudyValue at, EquivarianceSettings settings, IPoseGroup group, IDistribution prior, NeuralPosteriorOptions network)
    {
        IDistribution kernel = settings.CreateKernel();
        if (settings.Own is { } own && PoseLaws.Broken(group, prior, kernel, new Rng(0)) is { } law)
        {
            problems.Add(at.Map.Find("type")!, $"{own.Type}, which breaks a law of a group that moves parameters and data, {law}", "one that obeys it");
            return;
        }

        if (settings.IsExact && PoseLaws.Unequal(group, prior, kernel, new Rng(0)) is { } unequal)
        {
            problems.Add(
                found.Map.Find("symmetry") ?? at, $"an exact symmetry with a prior that changes by another factor at ({Show(unequal.First)}) than at ({Show(unequal.Second)}) when both are moved",
                "a prior that is uniform in what moves, or symmetry: approximate");
            return;
        }

        _ = EquivariantPosteriorEstimation.Untrained(group, new SupportBijection(prior), settings.Options(group, network));       // throws where they do not go together
    }

    private static string Show(double[] theta) => string.Join(", ", theta.Select(v => NumberRule.Show(Math.Round(v, 4))));
}

using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>The key <c>noise</c>: the settings that it makes, and the checks against the rest of the study.</summary>
internal sealed class NoiseReader(ProblemList problems)
{
    /// <param name="found">The key; null where there is none.</param>
    /// <returns>Null without the key, and where there was a problem with it.</returns>
    public NoiseSettings? Read(StudyValue? found, string simulatorName, ISimulator? simulator)
    {
        if (found?.Map.Find("level") is not { } level)
        {
            return null;
        }

        (double[] levels, ParameterPrior? prior) = ([], null);
        switch (level.Content)
        {
            case StudyMap:
                prior = ReadPrior(level, simulatorName, simulator);
                if (prior is null)
                {
                    return null;
                }

                break;
            case double one:
                levels = [one];
                break;
            default:
                levels = [.. level.Items.Select(item => item.Number)];
                if (simulator is not null && levels.Length != simulator.OutputNames.Count)
                {
                    problems.Add(level, $"{levels.Length} levels", $"{simulator.OutputNames.Count}, one for each output of {simulatorName} ({ObservationReader.Few(simulator.OutputNames)}), or one number for all");
                    return null;
                }

                break;
        }

        return new NoiseSettings(levels, prior, found.Map.Boolean("fresh"), found.Map.Boolean("deterministic"));
    }

    /// <summary>Reports a noise level of the data that the study does not allow.</summary>
    /// <param name="observed">The level last; of another length where that was reported already.</param>
    public void AgainstObservation(NoiseSettings? noise, StudyValue? observation, IReadOnlyList<double> observed, ISimulator? simulator)
    {
        if (noise?.Prior is not { } prior || simulator is null || observation is null || observed.Count != simulator.OutputNames.Count + 1)
        {
            return;
        }

        double level = observed[^1];
        if (double.IsNaN(level) && !observed.SkipLast(1).All(double.IsNaN))
        {
            problems.Add(observation, $"no {NoiseSettings.LevelName}", "that of the data, which the network is told");
        }
        else if (!double.IsNaN(level) && !(level > 0 && prior.CreateDistribution().LogProb([level]) > double.NegativeInfinity))
        {
            problems.Add(observation, $"{NoiseSettings.LevelName} = {NumberRule.Show(level)}", $"a positive level that {prior} allows", "The network is trained at levels of noise.level alone.");
        }
    }

    /// <summary>Reports what does not go with noise.</summary>
    public void Check(StudyMap root, ISimulator? simulator)
    {
        if (root.Find("noise") is not { } noise)
        {
            return;
        }

        StudyMap inference = root.Map("inference");
        string method = inference.Text("method");
        bool isKnown = InferenceMethod.Names.Contains(method, StringComparer.Ordinal);
        if (isKnown && InferenceMethod.Of(method).Mines != MinedParts.Nothing)
        {
            problems.Add(noise, "noise", $"no such key for {method}", "Its joint scores and ratios are of what the simulator gives.");
        }

        if (noise.Map.Find("level") is { Content: StudyMap } level && method is "nle" or "abc" or "smc-abc")
        {
            problems.Add(level, "a distribution", $"a number, or one for each output, for {method}", method == "nle" ? "It would learn a likelihood of the level too." : "It would take levels for data, and compare them.");
        }

        if (inference.Map("embedding").Find("context") is { } context)
        {
            problems.Add(context, "context", "no such key beside noise", "These are outputs of the simulator, which are noisy. Noise levels are told the network without it.");
        }

        if (inference.Map("likelihood").Find("discrete") is { } discrete)
        {
            problems.Add(discrete, "discrete", "no such key beside noise", "With noise no output is a whole number.");
        }

        CheckFresh(noise.Map, inference, method);
        CheckLikelihood(noise.Map, root.Find("importance"), simulator);
    }

    private void CheckFresh(StudyMap noise, StudyMap inference, string method)
    {
        if (noise.Find("fresh") is not { Content: true } fresh)
        {
            return;
        }

        foreach ((bool misplaced, string where, string why) in (ReadOnlySpan<(bool, string, string)>)
        [
            (method != "npe", $"for {method}", "The others learn from noise that is drawn once."),
            (inference.Boolean("fresh"), "beside inference.fresh", "There each simulation is seen once, with noise of its own."),
            (inference.Find("ensemble") is not null, "beside inference.ensemble", "Its networks share their observations."),
            (inference.Number("balance") > 0, "beside inference.balance", "That condition is trained on stored observations."),
            (inference.Find("gaps") is not null, "beside inference.gaps", "Patterns are laid over stored observations."),
        ])
        {
            if (misplaced)
            {
                problems.Add(fresh, "fresh", $"no such key {where}", why);
            }
        }
    }

    private void CheckLikelihood(StudyMap noise, StudyValue? importance, ISimulator? simulator)
    {
        if (noise.Find("deterministic") is { Content: true } deterministic)
        {
            if (simulator is RecordedSimulator)
            {
                problems.Add(deterministic, "deterministic", "no such key for simulations that were made before", "There is no simulator that could be asked at other parameters.");
            }
        }
        else if (importance is not null)
        {
            problems.Add(
                importance, "importance", "no such key beside noise, unless noise.deterministic is true",
                simulator is ILikelihood ? "The simulator's own likelihood is that of its outputs without the noise." : "The likelihood of a simulator that is random itself is not known.");
        }
    }

    private ParameterPrior? ReadPrior(StudyValue level, string simulatorName, ISimulator? simulator)
    {
        if (simulator is not null && simulator.OutputNames.Contains(NoiseSettings.LevelName, StringComparer.Ordinal))
        {
            problems.Add(level, "a distribution", $"a number, or one for each output: {simulatorName} has an output by the name {NoiseSettings.LevelName}, which is that of the level");
            return null;
        }

        if (new PriorReader(problems).ReadOne(NoiseSettings.LevelName, level) is not { } prior)
        {
            return null;
        }

        Support support = prior.CreateDistribution().Supports[0];
        if (support.Lower < 0)
        {
            problems.Add(level, $"{prior}, from {NumberRule.Show(support.Lower)}", "a distribution of positive numbers", prior.Kind == "normal" ? "A normal one may be cut off with lower: 0." : null);
            return null;
        }

        return prior;
    }
}

using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>What a method and its networks ask of the rest of a study.</summary>
internal sealed class MethodChecks(ProblemList problems)
{
    /// <summary>Reports what keeps a second network from learning beside the method.</summary>
    /// <param name="found">The key <c>marginals</c>; null where there is none.</param>
    public void OfMarginals(StudyValue? found, StudyMap inference)
    {
        string method = inference.Text("method");
        if (found is null || !InferenceMethod.Names.Contains(method, StringComparer.Ordinal))
        {
            return;
        }

        bool hasReference = method == "carl" || inference.Map("ratio").Find("reference") is not null;
        if (InferenceMethod.Of(method).Proposes && (hasReference || inference.Long("rounds") > 1))
        {
            problems.Add(found, "marginals", $"no such key for {method}{(method == "carl" ? "" : hasReference ? " with a reference" : " in several rounds")}", "Its simulations are not draws of the prior.");
        }

        double[] levels = found.Map.Numbers("levels");
        if (levels.Zip(levels.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            problems.Add(found.Map.Find("levels")!, string.Join(", ", levels.Select(NumberRule.Show)), "rising levels");
        }

        OneWidth(found.Map);
    }

    /// <summary>Reports what the reweighting asks of the method, and its keys of each other.</summary>
    /// <param name="found">The key <c>importance</c>; null where there is none.</param>
    public void OfImportance(StudyValue? found, StudyMap inference)
    {
        if (found is null)
        {
            return;
        }

        string method = inference.Text("method");
        if (found.Map.Find("rounds") is { Content: long and 0 } zero)
        {
            if (InferenceMethod.Names.Contains(method, StringComparer.Ordinal) && InferenceMethod.Of(method).Samples)
            {
                problems.Add(zero, "0", $"at least 1 with the method {method}, since its densities lack the evidence");
            }
            else if (found.Map.Find("effective") is not null)
            {
                problems.Add(zero, "0", "at least 1 with effective", "The network's own draws are as many as posterior.draws says.");
            }
        }

        if (found.Map.Find("effective") is not { } effective)
        {
            if (found.Map.Find("fresh") is { Content: true } fresh)
            {
                problems.Add(fresh, "fresh", "no such key without effective", "A fixed number of draws is selected by nothing.");
            }
        }
        else if (ImportanceSettings.Of(found.Map).Draws is var most && most < (long)effective.Content)
        {
            problems.Add(found.Map.Find("draws") ?? effective, $"{NumberRule.Show(most)} draws at most", $"at least the {effective.Content} that they are to be worth");
        }
    }

    /// <summary>Reports what a method asks of prior and simulations and the study does not have.</summary>
    public void AgainstPrior(StudyMap inference, IReadOnlyList<ParameterPrior> prior, bool correlated, bool isRecorded)
    {
        // Simulations at a reference are the study's own, so nobody else's will do.
        if (inference.Text("method") == "carl" && isRecorded)
        {
            problems.Add(inference.Find("method")!, "carl", "another method for simulations that were made before", "Half of carl's are made at its reference hypothesis.");
        }

        if (isRecorded && inference.Find("fresh") is { Content: true } fresh)
        {
            problems.Add(fresh, "fresh", "no such key for simulations that were made before", "There is no simulator that could make others.");
        }

        if (inference.Text("method") == "tmnre" && (correlated || prior.Any(p => p.CreateDistribution() is not ScalarDistribution { Support.Discrete: false })))
        {
            problems.Add(inference.Find("method")!, "tmnre", "another method for a prior with correlated or whole-numbered parameters", "It cuts the prior to an interval of each parameter.");
        }

        if (inference.Text("method") == "bnn-npe" && !(isRecorded && inference.Find("simulations") is null))
        {
            OfFewSimulations(inference);
        }

        if (inference.Map("ratio").Find("reference") is not { } found)
        {
            return;
        }

        double[] reference = inference.Map("ratio").Numbers("reference");
        if (reference.Length != prior.Count)
        {
            problems.Add(found, Words(reference.Length), $"{Words(prior.Count)}, one for each parameter");
            return;
        }

        foreach ((ParameterPrior parameter, double value) in prior.Zip(reference))
        {
            if (!(parameter.CreateDistribution().LogProb([value]) > double.NegativeInfinity))
            {
                problems.Add(found, $"{parameter.Name} = {NumberRule.Show(value)}", $"a value that {parameter} allows");
            }
        }

        static string Words(int count) => count == 1 ? "one number" : $"{count} numbers";
    }

    /// <summary>Reports what cannot do with numbers that are missing.</summary>
    /// <param name="gaps">The key; null where none may be.</param>
    public void BesideGaps(StudyValue? gaps, StudyValue? marginals, StudyValue? importance)
    {
        if (gaps is not null && marginals is not null)
        {
            problems.Add(marginals, "marginals", "no such key beside inference.gaps", "Its network sees whole observations alone.");
        }

        if (gaps is not null && importance is not null)
        {
            problems.Add(importance, "importance", "no such key beside inference.gaps", "The simulator's likelihood is of whole observations.");
        }
    }

    /// <summary>Reports a method that learns from joint scores where the simulator gives none.</summary>
    /// <param name="simulator">Started, where it is a program that has not been.</param>
    public void OfMined(StudyMap inference, string simulatorName, ISimulator simulator)
    {
        string method = inference.Text("method");
        if (!InferenceMethod.Names.Contains(method, StringComparer.Ordinal) || InferenceMethod.Of(method).Mines == MinedParts.Nothing)
        {
            return;
        }

        StudyValue at = inference.Find("method")!;
        string needs = InferenceMethod.Of(method).Mines == MinedParts.Scores ? "joint scores" : "joint ratios and scores";
        try
        {
            if (OrderedSimulator.Mined(simulator) is null)
            {
                problems.Add(at, $"{method}, which learns from {needs}, with {simulatorName}, which gives none", "another method, or a simulator that does",
                    simulator is RecordedSimulator ? "Simulations that were made before have outputs alone."
                    : simulator is ProgramSimulator ? "A program that does announces gives: [score, ratios]."
                    : "Mechanisms do (IMechanism or IMinedSimulator), and programs that announce them.");
            }
        }
        catch (ProgramException e)
        {
            problems.Add(at, e.Found, e.Expected);
        }
    }

    /// <summary>Reports outputs that are said to be discrete and are not there, or not whole in the data.</summary>
    /// <param name="observation">The key of the data.</param>
    /// <param name="observed">In the order of the outputs; of another length where that was reported already.</param>
    public void AgainstOutputs(StudyMap inference, string simulatorName, ISimulator simulator, StudyValue? observation, IReadOnlyList<double> observed)
    {
        string[] outputs = [.. simulator.OutputNames], named = [];
        foreach (StudyValue item in inference.Map("likelihood").Find("discrete")?.Items ?? [])
        {
            string name = (string)item.Content;
            int index = Array.IndexOf(outputs, name);
            if (index < 0)
            {
                problems.Add(item, $"'{name}', which is no output of {simulatorName}", $"some of {ObservationReader.Few(outputs)}", Nearest.Hint(name, outputs));
            }
            else if (named.Contains(name, StringComparer.Ordinal))
            {
                problems.Add(item, $"'{name}' again", "each output once");
            }
            else if (observed.Count == outputs.Length && observed[index] != Math.Floor(observed[index]))
            {
                problems.Add(observation!, $"{name} = {NumberRule.Show(observed[index])}", "a whole number", "inference.likelihood.discrete has that output.");
            }

            named = [.. named, name];
        }
    }

    /// <summary>Reports hidden layers of different widths.</summary>
    /// <param name="network">A mapping with the key <c>hidden</c>.</param>
    public void OneWidth(StudyMap network)
    {
        if (network.Find("hidden") is { } hidden && network.Integers("hidden") is var widths && widths.Any(w => w != widths[0]))
        {
            problems.Add(hidden, $"widths {string.Join(", ", widths)}", "one width for all, since each entry is a residual block of the same network");
        }
    }

    // Rounds learn from earlier ones too; what they simulate is not all inside, but may be.
    private void OfFewSimulations(StudyMap inference)
    {
        long last = inference.Long("simulations"), early = inference.Find("early") is { Map: var earlier } ? earlier.Long("simulations") : last, all = last + ((inference.Long("rounds") - 1) * early);
        if (all > BayesianNetworkEstimation.MostSimulations)
        {
            problems.Add(
                inference.Find("simulations") ?? inference.Find("method")!, $"{NumberRule.Show(all)} simulations in all rounds", $"at most {NumberRule.Show(BayesianNetworkEstimation.MostSimulations)} for bnn-npe",
                "Each step of its chains looks at all of them; npe learns more from so many in the same time.");
        }
    }
}

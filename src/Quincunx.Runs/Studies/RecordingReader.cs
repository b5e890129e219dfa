using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>Reads the form of the key <c>simulator</c> that names a file of simulations.</summary>
/// <param name="expected">Names under the key <c>prior</c>.</param>
/// <param name="replacement">Path of a file that is read instead, or null.</param>
internal sealed class RecordingReader(string studyFile, IReadOnlyList<string> expected, ProblemList problems, string? replacement)
{
    private const int FewestSimulations = 10;
    private SimulationSet? _file, _set;
    private string[] _parameters = [];
    private StudyInput? _input;

    /// <returns>Null if there was a problem.</returns>
    public RecordedSimulator? Read(StudyMap map)
    {
        if (map.Find("recorded") is not { } recorded)
        {
            return null;
        }

        string name = (string)recorded.Content, path = replacement ?? Path.Combine(Path.GetDirectoryName(studyFile) ?? "", name);
        string[] given = map.Find("parameters") is { } parameters ? [.. parameters.Items.Select(item => (string)item.Content)] : [.. expected];
        StudyValue? listed = map.Find("outputs");
        string[]? outputs = listed is null or { Content: long } ? null : [.. listed.Items.Select(item => (string)item.Content)];
        if (given.Length == 0 || !given.ToHashSet(StringComparer.Ordinal).SetEquals(expected) || given.Length != expected.Count)
        {
            problems.Add(map.Find("parameters") ?? recorded, $"parameters {string.Join(", ", given)}", $"those of the prior, each once: {string.Join(", ", expected)}");
            return null;
        }

        try
        {
            (IReadOnlyList<string> names, SimulationSet set) = RowTable.Read(path, given, outputs);
            if (listed is { Content: long count } && count != names.Count)
            {
                problems.Add(listed, $"{names.Count} outputs", $"{count}");
                return null;
            }

            _input = new StudyInput(name, FileFingerprint.Of(path));
            (_parameters, _file, _set) = (given, set, Ordered(set, given));
            return new RecordedSimulator(expected, names);
        }
        catch (ArtifactException e)
        {
            problems.Add(recorded, $"{e.File}: {(e.Entry is null ? "" : e.Entry + ": ")}{e.Found}", e.Expected);
            return null;
        }
    }

    /// <summary>The simulations, when the rest of the study is known.</summary>
    /// <returns>Null if there was a problem.</returns>
    public StudyRecording? Finish(StudyMap root, IReadOnlyList<ParameterPrior> prior)
    {
        if (_set is null || _file is null || _input is null || prior.Count != expected.Count)
        {
            return null;
        }

        StudyValue at = root.Find("simulator")!;
        int heldOut = root.Map("diagnostics").Integer("sbc"), most = _set.Count - heldOut;
        if (most < FewestSimulations)
        {
            problems.Add(at, $"{_set.Count} simulations", $"at least {FewestSimulations} besides the {heldOut} on which calibration is checked (diagnostics.sbc)");
        }
        else if (root.Map("inference").Find("simulations") is { Content: long wanted } asked && wanted > most)
        {
            problems.Add(asked, $"{wanted} simulations", $"at most {most}: there are {_set.Count}, of which the last {heldOut} are for checking calibration (diagnostics.sbc)");
        }

        if (root.Map("inference").Find("rounds") is { Content: long and > 1 } rounds)
        {
            problems.Add(rounds, $"{rounds.Content} rounds", "1, since a further round needs new simulations");
        }

        IndependentProduct law = new([.. prior.Select(p => (p.Name, p.CreateDistribution()))]);
        for (int row = 0; row < _set.Count; row++)
        {
            ReadOnlySpan<double> theta = _set.Theta.AsSpan(row * expected.Count, expected.Count);
            if (!double.IsFinite(law.LogProb(theta)))
            {
                problems.Add(
                    at, $"simulation {row} of {_input.Name} at {string.Join(", ", expected.Zip(theta.ToArray(), (n, v) => FormattableString.Invariant($"{n} = {v:R}")))}", "parameters that the prior allows",
                    "The simulations must be at draws from the study's prior.");
                break;
            }
        }

        return new StudyRecording(_input, _parameters, _file, _set, heldOut);
    }

    // Theta in the order of the prior.
    private SimulationSet Ordered(SimulationSet set, string[] given)
    {
        int d = given.Length;
        double[] theta = new double[set.Theta.Length];
        for (int j = 0; j < d; j++)
        {
            int from = Array.IndexOf(given, expected[j]);
            for (int row = 0; row < set.Count; row++)
            {
                theta[(row * d) + j] = set.Theta[(row * d) + from];
            }
        }

        return SimulationSet.FromArrays(d, set.OutputCount, 0, theta, set.X);
    }
}

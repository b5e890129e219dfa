using Quincunx.Inference.Simulation;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Mining;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>Counts that are legal alone but, times the width of a row, more than a run keeps in memory and in one array.</summary>
internal static class MemoryLimits
{
    // 2 GiB of float64, and below the lengths of .NET's arrays and streams with room for what surrounds them.
    private const long MostNumbers = 260_000_000;

    // Of parts of one simulation a window has sixteen with this; and the largest batch as a part of the simulations that memory holds.
    private const int FewestRows = 64, PartOfBatch = 64;

    public static void Check(StudyMap root, ISimulator simulator, ProblemList problems)
    {
        int parameters = simulator.ParameterNames.Count, outputs = simulator.OutputNames.Count, both = parameters + outputs;
        StudyMap inference = root.Map("inference"), diagnostics = root.Map("diagnostics");
        int stored = both + (InferenceMethod.Names.Contains(inference.Text("method"), StringComparer.Ordinal) ? MinedColumns.Extra(InferenceMethod.Of(inference.Text("method")).Mines, parameters) : 0);
        long memory = SizeRule.Bytes(inference.Text("memory"));
        foreach (StudyValue? simulations in new[] { inference.Find("simulations"), inference.Map("early").Find("simulations") })
        {
            if (simulations is not null && StreamSize.Exceeds((long)simulations.Content, sizeof(double) * (long)stored, memory))
            {
                foreach ((StudyMap map, string key) in (ReadOnlySpan<(StudyMap, string)>)[(inference, "ensemble"), (inference, "fresh"), (inference, "equivariance"), (root, "noise")])
                {
                    if (map.Find(key) is { } inMemory)
                    {
                        problems.Add(inMemory, key, "no such key for simulations that take more than inference.memory", "Networks then learn from all of them in memory.");
                    }
                }

                RequireWindow(simulations, inference, memory / (sizeof(double) * (long)stored), problems);
            }
            else
            {
                Require(simulations, stored, problems);
            }
        }

        Require(root.Map("importance").Find("draws"), parameters + 1, problems);
        Require(diagnostics.Find("sbc"), both, problems);
        Require(diagnostics.Find("sbc-draws"), both, problems);
        Require(diagnostics.Find("predictive"), both, problems);
        Require(root.Map("posterior").Find("draws"), parameters + 1, problems);
    }

    // Training in windows of blocks needs several simulations in a part of a block, and a batch that is small beside a window.
    private static void RequireWindow(StudyValue simulations, StudyMap inference, long rowsInMemory, ProblemList problems)
    {
        if (rowsInMemory < FewestRows)
        {
            problems.Add(
                inference.Find("memory") ?? simulations, $"memory for {rowsInMemory} simulations of {(long)simulations.Content}", $"for at least {FewestRows}, or for all of them");
        }
        else if (inference.Map("training").Long("batch") is var batch && batch > rowsInMemory / PartOfBatch)
        {
            problems.Add(
                inference.Map("training").Find("batch") ?? simulations, $"batches of {batch}",
                $"at most {rowsInMemory / PartOfBatch}, since a batch is taken from the part of the simulations that inference.memory holds");
        }
    }

    private static void Require(StudyValue? count, int width, ProblemList problems)
    {
        if (count is not null && (long)count.Content * width > MostNumbers)
        {
            problems.Add(count, $"{(long)count.Content} rows of {width} numbers", $"at most {MostNumbers / width}, since they are kept in memory");
        }
    }
}

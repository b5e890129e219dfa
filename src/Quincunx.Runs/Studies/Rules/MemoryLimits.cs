using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>Counts that are legal alone but, times the width of a row, more than a run keeps in memory and in one array.</summary>
internal static class MemoryLimits
{
    // 2 GiB of float64, and below the lengths of .NET's arrays and streams with room for what surrounds them.
    private const long MostNumbers = 260_000_000;

    public static void Check(StudyMap root, ISimulator simulator, ProblemList problems)
    {
        int parameters = simulator.ParameterNames.Count, outputs = simulator.OutputNames.Count, both = parameters + outputs;
        StudyMap inference = root.Map("inference"), diagnostics = root.Map("diagnostics");
        Require(inference.Find("simulations"), both, problems);
        Require(inference.Map("early").Find("simulations"), both, problems);
        Require(root.Map("importance").Find("draws"), parameters + 1, problems);
        Require(diagnostics.Find("sbc"), both, problems);
        Require(diagnostics.Find("sbc-draws"), both, problems);
        Require(diagnostics.Find("predictive"), both, problems);
        Require(root.Map("posterior").Find("draws"), parameters + 1, problems);
    }

    private static void Require(StudyValue? count, int width, ProblemList problems)
    {
        if (count is not null && (long)count.Content * width > MostNumbers)
        {
            problems.Add(count, $"{(long)count.Content} rows of {width} numbers", $"at most {MostNumbers / width}, since they are kept in memory");
        }
    }
}

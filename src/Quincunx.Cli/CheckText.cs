using Quincunx.Runs.Checks;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>A check in words.</summary>
internal static class CheckText
{
    private const int MostRows = 60;

    public static void Write(TextWriter output, Study study, SimulatorCheck check)
    {
        output.WriteLine(study.Title == study.Name ? study.Name : $"{study.Name}: {study.Title}");
        output.WriteLine($"File: {study.File}");
        string options = string.Join(", ", study.SimulatorOptions.All.Select(o => $"{o.Name} {o.Value}"));
        output.WriteLine($"Simulator: {study.SimulatorName}{(options.Length > 0 ? $" ({options})" : "")}");
        output.WriteLine($"Seed: {study.Seed}");
        output.WriteLine();
        TextTable.Write(output, textColumns: 2, ["parameter", "prior"], study.Prior.Select(p => (IReadOnlyList<string>)[p.Name, p.ToString()]));
        output.WriteLine();
        WriteOutputs(output, check);
        output.WriteLine();
        WriteFindings(output, check);
        foreach (string warning in check.Warnings)
        {
            output.WriteLine("Warning: " + warning);
        }

        output.WriteLine(check.Problems.Count > 0 ? "The study cannot be run as it is."
            : check.Warnings.Count > 0 ? "The study can be run; see the warnings."
            : "The study can be run.");
    }

    private static void WriteOutputs(TextWriter output, SimulatorCheck check)
    {
        output.WriteLine($"{check.Outputs.Count} outputs, over simulations from the prior:");
        TextTable.Write(output, textColumns: 1, ["output", "observed", "least", "greatest"], check.Outputs.Take(MostRows).Select(o => (IReadOnlyList<string>)
            [o.Name, Numbers.Short(o.Observed), Numbers.Short(o.Lower), Numbers.Short(o.Upper)]));
        if (check.Outputs.Count > MostRows)
        {
            output.WriteLine($"and {check.Outputs.Count - MostRows} more");
        }
    }

    private static void WriteFindings(TextWriter output, SimulatorCheck check)
    {
        output.WriteLine($"Simulations: {check.Simulations} tried, {check.Failed} failed ({Numbers.Percent((double)check.Failed / check.Simulations)})");
        if (check.FirstFailure is { } failure)
        {
            output.WriteLine($"First failure: event {failure.Index} at ({string.Join(", ", failure.Theta.Select(Numbers.Short))}): {failure.Message}");
        }

        output.WriteLine($"Cost: {Numbers.BriefTime(check.SecondsEach)} a simulation on one core");
        output.WriteLine($"Seeding: the same seed gives {(check.IsReproducible ? "the same" : "other")} bytes, another seed {(check.IsRandom ? "others" : "the same")}");
        output.WriteLine(check.Likelihood is not { } likelihood
            ? "Likelihood: none"
            : $"Likelihood: finite at {likelihood.FiniteAtSimulation} of {likelihood.Evaluated} simulations, and at the observation for {likelihood.FiniteAtObservation} of these parameters");
    }
}

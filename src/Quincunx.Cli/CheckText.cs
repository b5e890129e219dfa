using Quincunx.Inference.Mechanisms.Mining;
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
        if (check.Program is { } program)
        {
            output.WriteLine($"Program: {(program.Version is { } version ? $"version {version}, " : "")}{program.Workers} {(program.Workers == 1 ? "process" : "processes")}, mode {program.Mode}; "
                + $"announces {(program.Parameters is { } names ? $"parameters {string.Join(", ", names)}" : "no parameters")} and {(program.AnnouncesOutputs ? "" : "no ")}outputs");
        }

        if (study.Noise is { } noise)
        {
            output.WriteLine($"Noise: {noise.Describe()}");
        }

        output.WriteLine($"Shapes: theta [{study.Prior.Count}], x [{check.Outputs.Count}]");
        output.WriteLine($"Seed: {study.Seed}");
        output.WriteLine();
        TextTable.Write(output, textColumns: 2, ["parameter", "prior"], study.Prior.Select(p => (IReadOnlyList<string>)[p.Name, p.ToString()]));
        output.WriteLine();
        WriteOutputs(output, check, study.Noise is not null);
        output.WriteLine();
        WriteFindings(output, study, check);
        foreach (string warning in check.Warnings)
        {
            output.WriteLine("Warning: " + warning);
        }

        output.WriteLine(check.Problems.Count > 0 ? "The study cannot be run as it is."
            : check.Warnings.Count > 0 ? "The study can be run; see the warnings."
            : "The study can be run.");
    }

    private static void WriteOutputs(TextWriter output, SimulatorCheck check, bool hasNoise)
    {
        output.WriteLine($"{check.Outputs.Count} {(hasNoise ? "numbers of an observation" : "outputs")}, over simulations from the prior:");
        TextTable.Write(output, textColumns: 1, ["output", "observed", "least", "greatest"], check.Outputs.Take(MostRows).Select(o => (IReadOnlyList<string>)
            [o.Name, Numbers.Short(o.Observed), Numbers.Short(o.Lower), Numbers.Short(o.Upper)]));
        if (check.Outputs.Count > MostRows)
        {
            output.WriteLine($"and {check.Outputs.Count - MostRows} more");
        }
    }

    private static void WriteFindings(TextWriter output, Study study, SimulatorCheck check)
    {
        if (study.Recorded is { } recorded)
        {
            output.WriteLine($"Simulations: {check.Simulations} recorded in {recorded.Input.Name}, {check.Failed} failed ({Numbers.Percent((double)check.Failed / check.Simulations)}); the last {recorded.HeldOut} are for checking calibration");
            return;
        }

        output.WriteLine($"Simulations: {check.Simulations} tried, {check.Failed} failed ({Numbers.Percent((double)check.Failed / check.Simulations)})");
        if (check.FirstFailure is { } failure)
        {
            output.WriteLine($"First failure: event {failure.Index} at ({string.Join(", ", failure.Theta.Select(Numbers.Short))}): {failure.Message}");
        }

        output.WriteLine($"Cost: {Numbers.BriefTime(check.SecondsEach)} a simulation on one core{(check.Program?.OverheadSeconds is { } overhead ? $", {Numbers.BriefTime(overhead)} of it on the way to the program and back" : "")}");
        output.WriteLine($"Seeding: the same seed gives {(check.IsReproducible ? "the same" : "other")} bytes, another seed {(check.IsRandom ? "others" : "the same")}");
        output.WriteLine(check.Likelihood is not { } likelihood
            ? "Likelihood: none"
            : $"Likelihood: finite at {likelihood.FiniteAtSimulation} of {likelihood.Evaluated} simulations, and at the observation for {likelihood.FiniteAtObservation} of these parameters");
        WriteMined(output, check.Mined);
    }

    private static void WriteMined(TextWriter output, MinedCheckResult? mined)
    {
        if (mined is null || mined.NotMinable is not null)
        {
            output.WriteLine(mined is null ? "Mined score: none, a black box" : $"Mined score: none. {mined.NotMinable}");
            return;
        }

        output.WriteLine($"Mined score: equals the difference quotient of the mined joint ratio in {mined.Compared - mined.Mismatched} of {mined.Compared} comparisons"
            + (mined.Incomparable > 0 ? $" (and {mined.Incomparable} without a quotient)" : ""));
        if (mined.WorstScore is { } score && mined.WorstRatio is { } ratio)
        {
            output.WriteLine($"  mean score over its size {Numbers.Short(score.Mean)} ± {Numbers.Short(score.StandardError)} (should be 0), "
                + $"mean ratio {Numbers.Short(ratio.Mean)} ± {Numbers.Short(ratio.StandardError)} (should be 1), over {mined.Events} events at {mined.Points} parameters from the prior");
        }
    }
}

using System.Globalization;
using Quincunx.Inference.Experiments;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>What <c>check</c> says of a study of an experiment: there is no simulator to try, but its options are listed.</summary>
internal static class ExperimentCheckText
{
    public static void WriteText(TextWriter output, ExperimentStudy study, IReadOnlyList<ExperimentOption> known)
    {
        output.WriteLine(study.Title == study.Name ? study.Name : $"{study.Name}: {study.Title}");
        output.WriteLine($"File: {study.File}");
        output.WriteLine($"Experiment: {study.ExperimentName}");
        output.WriteLine($"Seed: {study.Seed}");
        output.WriteLine();
        TextTable.Write(output, textColumns: 4, ["option", "value", "default", "meaning"], known.Select(o => (IReadOnlyList<string>)
            [o.Name, Show(study.Options.All.First(v => v.Name == o.Name).Value), Show(o.Default), o.Description]));
        output.WriteLine();
        output.WriteLine("The study can be run.");
    }

    public static void WriteJson(TextWriter output, ExperimentStudy study) => output.WriteLine(JsonArtifact.Line(new Record(
        "check", study.Name, study.File, study.ExperimentName, study.Options.All.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal), ExitCode.Success)));

    private static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private sealed record Record(string Event, string Study, string File, string Experiment, Dictionary<string, object> Options, int ExitCode);
}

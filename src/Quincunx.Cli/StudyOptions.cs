using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>The options that commands on a study share.</summary>
internal sealed class StudyOptions
{
    public Option<string?> Observation { get; } = new("--observation") { Description = "CSV file with other data than the study's.", HelpName = "FILE" };

    public Option<ulong?> Seed { get; } = new("--seed") { Description = "Another seed than the study's.", HelpName = "N", CustomParser = ReadSeed };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Print nothing but errors; with --json, the summary too." };

    public StudySource Source(ParseResult parsed, string study) => new(study, parsed.GetValue(Observation), parsed.GetValue(Seed));

    private static ulong? ReadSeed(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) && seed <= Study.MaximumSeed)
        {
            return seed;
        }

        result.AddError($"--seed: found '{text}', expected a whole number from 0 to {Study.MaximumSeed}.");
        return null;
    }
}

using System.CommandLine.Parsing;
using System.Globalization;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>What the user asked of a benchmark.</summary>
/// <param name="Observations">Ascending.</param>
/// <param name="Seeds">Each trains a network of its own.</param>
/// <param name="Data">Folder of the reference data, or null for the usual one.</param>
/// <param name="Json">File for the rows, or null.</param>
/// <param name="Out">Folder for the draws, or null.</param>
internal sealed record BenchRequest(
    IReadOnlyList<string> Tasks, IReadOnlyList<long> Observations, IReadOnlyList<long> Seeds, string? Data, string? Json, string? Out)
{
    /// <summary>Reads a list of numbers and ranges such as <c>1,3-5</c>; each number once, ascending.</summary>
    public static long[] ReadNumbers(ArgumentResult result, string option, long least, long most, int count)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var numbers = new SortedSet<long>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryRead(ends[0], out long first) || !TryRead(ends[^1], out long last) || last < first || last - first >= count)
            {
                result.AddError($"{option}: found '{text}', expected numbers from {least} to {most}, such as 1-3,5 (at most {count}).");
                return [];
            }

            for (long i = first; i <= last; i++)
            {
                numbers.Add(i);
            }
        }

        return [.. numbers];

        bool TryRead(string word, out long number) =>
            long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
    }

    public static string[] ReadTasks(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        string[] tasks = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(t => t.Replace('_', '-')).Distinct(StringComparer.Ordinal)];
        if (Array.Exists(tasks, t => t.Length == 0 || !t.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            result.AddError($"--tasks: found '{text}', expected names with commas between, such as two-moons,gaussian-linear.");
        }

        return tasks;
    }

    public static long MostSeed => Study.MaximumSeed;
}

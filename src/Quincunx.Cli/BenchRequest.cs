using System.CommandLine.Parsing;
using System.Globalization;
using Quincunx.Runs.Benchmarks;
using Quincunx.Runs.Studies;

namespace Quincunx.Cli;

/// <summary>What the user asked of a benchmark.</summary>
/// <param name="Tasks">Empty for all that have data and a study.</param>
/// <param name="Budgets">Simulations of all rounds; ascending.</param>
/// <param name="Observations">Ascending.</param>
/// <param name="Seeds">Each has simulations and networks of its own.</param>
internal sealed record BenchRequest(
    IReadOnlyList<string> Tasks, IReadOnlyList<SbibmMethod> Methods, IReadOnlyList<long> Budgets, IReadOnlyList<long> Observations, IReadOnlyList<long> Seeds)
{
    /// <summary>Folder of the reference data, or null for the usual one.</summary>
    public string? Data { get; init; }

    /// <summary>File with keys of inference for all tasks, or null for the defaults.</summary>
    public string? Inference { get; init; }

    /// <summary>Folder of the runs, or null for the usual one.</summary>
    public string? Runs { get; init; }

    /// <summary>File for the rows, or null for one in the folder of the runs.</summary>
    public string? Json { get; init; }

    /// <summary>File for a page, or null.</summary>
    public string? Page { get; init; }

    /// <summary>Folder for the draws, or null.</summary>
    public string? Out { get; init; }

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

    public static SbibmMethod[] ReadMethods(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        SbibmMethod?[] methods = [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Select(name => SbibmMethod.All.FirstOrDefault(m => m.Name == name))];
        if (Array.Exists(methods, m => m is null))
        {
            result.AddError($"--method: found '{text}', expected some of {string.Join(", ", SbibmMethod.All.Select(m => m.Name))}, with commas between.");
        }

        return [.. methods.OfType<SbibmMethod>()];
    }

    /// <summary>Reads names of methods of <c>bench galton</c>, in any case.</summary>
    public static string[] ReadGaltonMethods(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        string[] methods = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(m => m.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];
        if (Array.Exists(methods, m => !GaltonBench.Methods.Contains(m, StringComparer.Ordinal)))
        {
            result.AddError($"--method: found '{text}', expected some of {string.Join(", ", GaltonBench.Methods)}, with commas between.");
        }

        return methods;
    }

    public static long[] ReadBudgets(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var budgets = new SortedSet<long>();
        foreach (string word in text.Split(','))
        {
            if (!long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long budget) || budget is < 100 or > 100_000_000 || budget % 10 != 0)
            {
                result.AddError($"{(result.Parent as OptionResult)?.Option.Name}: found '{text}', expected multiples of 10 from 100 to 100000000, such as 1000,10000.");
                return [];
            }

            budgets.Add(budget);
        }

        return [.. budgets];
    }

    public static long MostSeed => Study.MaximumSeed;
}

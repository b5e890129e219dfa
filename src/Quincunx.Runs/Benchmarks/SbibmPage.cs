using System.Globalization;
using System.Text;

namespace Quincunx.Runs.Benchmarks;

/// <summary>The scores as a page in Markdown, beside the published ones.</summary>
public static class SbibmPage
{
    private static readonly string[] SingleRound = ["REJ-ABC", "NLE", "NPE", "NRE"], Sequential = ["SMC-ABC", "SNLE", "SNPE", "SNRE"];

    /// <param name="data">With the published scores.</param>
    /// <param name="command">That made them.</param>
    /// <param name="machine">Where, in words.</param>
    /// <param name="date">When.</param>
    /// <param name="inference">Text of the settings of all tasks, or null for the defaults.</param>
    public static string Of(IReadOnlyList<SbibmScore> rows, SbibmData data, string command, string machine, DateTimeOffset date, string? inference)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(data);
        var page = new StringBuilder("# The sbibm tasks, beside published scores\n\n");
        page.Append("```\n").Append(command).Append("\n```\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Machine: {machine}. Date: {date:yyyy-MM-dd}. ");
        page.Append(inference is null ? "One set of settings for all tasks: the defaults of the study file.\n\n" : $"One set of settings for all tasks:\n\n```yaml\n{inference.TrimEnd()}\n```\n\n");
        page.Append(
            "C2ST against the reference posterior ([how](../methods/diagnostics.md#c2st)), the mean over the observations and seeds: 0.5 is best, 1 is worst. Published: the scores of Lueckmann et al. 2021 "
            + "(PMLR 130:343) at the same observations with as many simulations; of the Gaussian mixture the authors' rerun with the simulator as it is now.\n\n");
        foreach (IGrouping<int, SbibmScore> budget in rows.GroupBy(r => r.Budget).OrderBy(g => g.Key))
        {
            AppendBest(page, budget.Key, "one round", [.. budget.Where(r => IsAmortised(r.Method))], SingleRound, data);
            AppendBest(page, budget.Key, "several rounds", [.. budget.Where(r => !IsAmortised(r.Method))], Sequential, data);
            foreach (IGrouping<string, SbibmScore> method in budget.GroupBy(r => r.Method))
            {
                Append(page, budget.Key, SbibmMethod.All.First(m => m.Name == method.Key), [.. method]);
            }
        }

        return page.ToString().TrimEnd() + "\n";
    }

    private static bool IsAmortised(string method) => SbibmMethod.All.First(m => m.Name == method).IsAmortised;

    // The best of ours beside the best of theirs, each the mean over the observations that we have.
    private static void AppendBest(StringBuilder page, int budget, string rounds, SbibmScore[] rows, string[] algorithms, SbibmData data)
    {
        if (rows.Length == 0)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"## Best of {rounds}, {budget} simulations\n\n| task | ours | by | published | by |\n| --- | --- | --- | --- | --- |\n");
        foreach (IGrouping<string, SbibmScore> task in rows.GroupBy(r => r.Task).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            (string method, double score) = task.GroupBy(r => r.Method).Select(m => (m.Key, m.Average(r => r.C2st))).MinBy(m => m.Item2);
            int[] observations = [.. task.Select(r => r.Observation).Distinct()];
            (string By, double? Score) best = algorithms
                .Select(a => (a, observations.Select(o => data.Published(task.Key, a, budget, o)).Aggregate((double?)0, (sum, c2st) => sum + c2st) / observations.Length))
                .Where(a => a.Item2 is not null).OrderBy(a => a.Item2).FirstOrDefault();
            page.Append(CultureInfo.InvariantCulture, $"| {task.Key} | **{Three(score)}** | {method} | {(best.Score is { } published ? Three(published) : "-")} | {best.By ?? "-"} |\n");
        }

        page.Append('\n');
    }

    private static void Append(StringBuilder page, int budget, SbibmMethod method, SbibmScore[] rows)
    {
        int[] observations = [.. rows.Select(r => r.Observation).Distinct().Order()];
        page.Append(CultureInfo.InvariantCulture, $"## {method.Name}, {budget} simulations\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Seeds: {string.Join(", ", rows.Select(r => r.Seed).Distinct().Order())}. ");
        page.Append(method.IsAmortised ? "One network a seed for all observations.\n\n" : $"{method.Rounds} rounds for each observation.\n\n");
        page.Append("| task | ").AppendJoin(" | ", observations).Append(CultureInfo.InvariantCulture, $" | mean | published {method.Published} | training |\n");
        page.Append("| --- |").AppendJoin("", observations.Select(_ => " --- |")).Append(" --- | --- | --- |\n");
        foreach (IGrouping<string, SbibmScore> task in rows.GroupBy(r => r.Task).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            double? published = task.All(r => r.Published is not null) ? task.Average(r => r.Published) : null;
            page.Append(CultureInfo.InvariantCulture, $"| {task.Key} |");
            foreach (int observation in observations)
            {
                SbibmScore[] own = [.. task.Where(r => r.Observation == observation)];
                page.Append(own.Length == 0 ? " |" : $" {Three(own.Average(r => r.C2st))} |");
            }

            page.Append(CultureInfo.InvariantCulture, $" **{Three(task.Average(r => r.C2st))}** | {(published is { } score ? Three(score) : "-")} | {task.Average(r => r.Seconds.GetValueOrDefault("train")):F1} s |\n");
        }

        page.Append('\n');
    }

    private static string Three(double score) => score.ToString("F3", CultureInfo.InvariantCulture);
}

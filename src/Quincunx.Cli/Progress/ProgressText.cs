using Quincunx.Runs.Store;

namespace Quincunx.Cli.Progress;

/// <summary>Progress reports in words.</summary>
internal static class ProgressText
{
    /// <summary>How far a stage is: <c>1200 of 5000 simulations</c>.</summary>
    public static string Done(StageProgress progress) => progress.Total > 0
        ? $"{Numbers.Count(progress.Done)} of {Numbers.Count(progress.Total)} {progress.Unit}"
        : $"{Numbers.Count(progress.Done)} {progress.Unit}";

    /// <summary>Rate, values, time left and message, as far as they are known.</summary>
    public static string Details(StageProgress progress)
    {
        string[] parts =
        [
            .. progress.Rate > 0 ? [$"{Numbers.Short(progress.Rate)} {progress.Unit}/s"] : Array.Empty<string>(),
            .. progress.Values.Select(v => $"{v.Name} {Numbers.Short(v.Value)}"),
            .. progress.Left is { } left ? [$"{Numbers.Time(left)} left"] : Array.Empty<string>(),
            .. progress.Message is { } message ? [message] : Array.Empty<string>(),
        ];
        return string.Join(", ", parts);
    }
}

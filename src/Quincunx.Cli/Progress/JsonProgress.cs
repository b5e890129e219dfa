using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;

namespace Quincunx.Cli.Progress;

/// <summary>One JSON object a line for each event and, while a stage is at work, one a second at most.</summary>
internal sealed class JsonProgress(TextWriter output, TimeProvider clock) : IProgressDisplay, IProgress<StageProgress>
{
    private readonly Lock _lock = new();
    private readonly Throttle _throttle = new(clock, TimeSpan.FromSeconds(1));

    public T Show<T>(Func<IProgress<StageProgress>, T> work) => work(this);

    public void Report(StageProgress value)
    {
        lock (_lock)
        {
            if (_throttle.Admits(value))
            {
                bool working = value.Event == StageEvent.Working;
                output.WriteLine(JsonArtifact.Line(new Record(
                    "progress",
                    value.Stage,
                    value.Index,
                    value.Count,
                    value.Event,
                    working ? value.Done : null,
                    working && value.Total > 0 ? value.Total : null,
                    working && double.IsFinite(value.Rate) ? value.Rate : null,
                    working ? value.Unit : null,
                    working ? value.Values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal) : null,
                    value.Left?.TotalSeconds,
                    value.Message)));
            }
        }
    }

    private sealed record Record(
        string Event, string Stage, int Index, int Count, StageEvent State, double? Done, double? Total, double? Rate, string? Unit,
        Dictionary<string, double>? Values, double? SecondsLeft, string? Message);
}

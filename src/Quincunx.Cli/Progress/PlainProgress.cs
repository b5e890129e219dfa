using Quincunx.Runs.Store;

namespace Quincunx.Cli.Progress;

/// <summary>One line for each event and, while a stage is at work, one every two seconds at most.</summary>
internal sealed class PlainProgress(TextWriter output, TimeProvider clock) : IProgressDisplay, IProgress<StageProgress>
{
    private readonly Lock _lock = new();
    private readonly Throttle _throttle = new(clock, TimeSpan.FromSeconds(2));
    private long _began;

    public T Show<T>(Func<IProgress<StageProgress>, T> work) => work(this);

    public void Report(StageProgress value)
    {
        lock (_lock)
        {
            if (!_throttle.Admits(value))
            {
                return;
            }

            string head = $"{value.Stage} ({value.Index + 1} of {value.Count})";
            switch (value.Event)
            {
                case StageEvent.Started:
                    _began = clock.GetTimestamp();
                    output.WriteLine($"{head}: started, {value.Message}");
                    break;
                case StageEvent.Working:
                    string details = ProgressText.Details(value);
                    output.WriteLine($"{value.Stage}: {ProgressText.Done(value)}{(details.Length > 0 ? ", " + details : "")}");
                    break;
                case StageEvent.Warning:
                    output.WriteLine($"{value.Stage}: warning: {value.Message}");
                    break;
                case StageEvent.Reused:
                    output.WriteLine($"{head}: {value.Message}");
                    break;
                default:
                    output.WriteLine($"{head}: done in {Numbers.Time(clock.GetElapsedTime(_began))}");
                    break;
            }
        }
    }
}

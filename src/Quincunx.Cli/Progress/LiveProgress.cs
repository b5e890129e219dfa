using System.Collections.Concurrent;
using Quincunx.Runs.Store;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quincunx.Cli.Progress;

/// <summary>A bar for each stage, redrawn in place.</summary>
internal sealed class LiveProgress(IAnsiConsole terminal, TimeProvider clock) : IProgressDisplay
{
    public T Show<T>(Func<IProgress<StageProgress>, T> work)
    {
        var details = new ConcurrentDictionary<int, string>();
        var display = terminal.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 16 }, new DetailsColumn(details));
        return display.Start(context => work(new Bars(terminal, context, details, clock)));
    }

    private sealed class Bars(IAnsiConsole terminal, ProgressContext context, ConcurrentDictionary<int, string> details, TimeProvider clock) : IProgress<StageProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);
        private long _began;

        public void Report(StageProgress value)
        {
            lock (_lock)
            {
                if (value.Event == StageEvent.Warning)
                {
                    // Drawn above the bars, which are kept.
                    terminal.MarkupLineInterpolated($"[yellow]{value.Stage}: warning: {value.Message ?? ""}[/]");
                    return;
                }

                if (!_tasks.TryGetValue(value.Stage, out ProgressTask? task))
                {
                    task = context.AddTask(Markup.Escape($"{value.Stage} ({value.Index + 1} of {value.Count})"));
                    task.IsIndeterminate = true;
                    _tasks.Add(value.Stage, task);
                    _began = clock.GetTimestamp();
                }

                Update(task, value);
            }
        }

        private void Update(ProgressTask task, StageProgress value)
        {
            string text = value.Message ?? "";
            switch (value.Event)
            {
                case StageEvent.Working:
                    task.IsIndeterminate = value.Total <= 0;
                    if (value.Total > 0)
                    {
                        task.MaxValue = value.Total;
                        // A stage that stops early fills its bar only when it is complete: a full one would look finished.
                        task.Value = Math.Min(value.Done, value.Total * 0.999);
                    }

                    text = $"{ProgressText.Done(value)}, {ProgressText.Details(value)}".TrimEnd(',', ' ');
                    break;
                case StageEvent.Reused or StageEvent.Completed:
                    task.IsIndeterminate = false;
                    task.Value = task.MaxValue;
                    text = value.Event == StageEvent.Reused ? text : $"done in {Numbers.Time(clock.GetElapsedTime(_began))}";
                    break;
            }

            details[task.Id] = text;
            if (value.Event is StageEvent.Reused or StageEvent.Completed)
            {
                task.StopTask();
            }
        }
    }

    // Drawn from another thread than that of the reports.
    private sealed class DetailsColumn(ConcurrentDictionary<int, string> details) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(details.GetValueOrDefault(task.Id, "")).Overflow(Overflow.Ellipsis);
    }
}

using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Store;

/// <summary>Keeps reports in order, on the thread that made them.</summary>
internal sealed class ProgressList : IProgress<StageProgress>
{
    public List<StageProgress> Reports { get; } = [];

    public IEnumerable<string?> Messages(StageEvent what) => Reports.Where(r => r.Event == what).Select(r => $"{r.Stage}: {r.Message}");

    public void Report(StageProgress value) => Reports.Add(value);
}

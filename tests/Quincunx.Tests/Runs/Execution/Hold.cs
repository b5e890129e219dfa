namespace Quincunx.Tests.Runs.Execution;

/// <summary>
/// A file beside a study that holds up its slow simulator in other processes: a test finds work that has begun and cannot have ended, and lets it end by <see cref="Release"/>.
/// </summary>
/// <remarks>A held event takes <see cref="Beat"/>, rather than for ever, since a process that is told to end does so after an event. Nothing hangs: a shard of 1000 events is made in some minutes all the same.</remarks>
internal sealed class Hold(string study)
{
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly string _path = Path.Combine(study, "hold");
    private volatile bool _isOver;

    /// <summary>The hold on the study that a command line names; null where nobody put one there.</summary>
    public static Hold? Of(IEnumerable<string> words) => words.Select(w => new Hold(w)).FirstOrDefault(h => File.Exists(h._path));

    public void Set() => File.WriteAllText(_path, "");

    public void Release() => File.Delete(_path);

    /// <summary>Waits for a beat, or until it is released.</summary>
    public void Wait()
    {
        const int Looks = 20;
        for (int look = 0; look < Looks && !_isOver; look++)
        {
            _isOver = !File.Exists(_path);
            if (!_isOver)
            {
                Thread.Sleep(Beat / Looks);
            }
        }
    }
}

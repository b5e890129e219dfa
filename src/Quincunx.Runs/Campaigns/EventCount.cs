namespace Quincunx.Runs.Campaigns;

/// <summary>How many events there are, and how many of them failed.</summary>
internal readonly record struct EventCount(long Events, long Failed)
{
    public static EventCount operator +(EventCount a, EventCount b) => new(a.Events + b.Events, a.Failed + b.Failed);
}

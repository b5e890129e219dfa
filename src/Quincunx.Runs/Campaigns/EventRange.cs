namespace Quincunx.Runs.Campaigns;

/// <summary>Consecutive events, the last excluded.</summary>
internal readonly record struct EventRange(long From, long To)
{
    public long Count => To - From;
}

namespace Quincunx.Tests.Runs;

/// <summary>A fact about a full or read-only disk; shown as skipped where the tests may not mount one.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.CanMount)
        {
            Skip = "needs Linux and the right to mount a tmpfs (root)";
        }
    }
}

using System.Globalization;

namespace Quincunx.Runs.Campaigns;

/// <summary>One of the equal parts that a campaign is cut into: the i-th of n.</summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
internal readonly record struct ShardNumber(int Index, int Count)
{
    public const int MostShards = 99_999;

    /// <summary>The file of a shard that is whole.</summary>
    public string FileName => Name + ShardFile.Extension;

    /// <summary>The file of what is made of a shard so far.</summary>
    public string PartialName => Name + ".partial" + ShardFile.Extension;

    private string Name => string.Create(CultureInfo.InvariantCulture, $"shard-{Index:D5}-of-{Count:D5}");

    /// <summary>Reads <c>3/100</c>.</summary>
    public static bool TryParse(string text, out ShardNumber shard)
    {
        shard = default;
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || index < 1 || index > count || count > MostShards)
        {
            return false;
        }

        shard = new ShardNumber(index, count);
        return true;
    }

    /// <summary>Its events: from ⌊(i−1)N/n⌋ to ⌊iN/n⌋, so that each event of N is in one shard and their sizes differ by at most one.</summary>
    public EventRange EventsOf(long total) => new((long)((Int128)(Index - 1) * total / Count), (long)((Int128)Index * total / Count));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}

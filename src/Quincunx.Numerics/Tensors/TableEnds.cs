namespace Quincunx.Numerics.Tensors;

/// <summary>What a table is beyond its first and last entry.</summary>
public enum TableEnds
{
    /// <summary>The entry at that end.</summary>
    Clamped,

    /// <summary>The table again: the first entry follows the last one.</summary>
    Periodic,
}

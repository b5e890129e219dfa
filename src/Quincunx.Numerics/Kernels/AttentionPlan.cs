namespace Quincunx.Numerics.Kernels;

/// <summary>Sizes of an attention, and where in its operands the rows of a head are.</summary>
internal sealed record AttentionPlan
{
    public required int Batch { get; init; }

    public required int Heads { get; init; }

    /// <summary>Rows of queries, and of the result.</summary>
    public required int Queries { get; init; }

    /// <summary>Rows of keys, and of values.</summary>
    public required int Keys { get; init; }

    /// <summary>Columns of queries and keys.</summary>
    public required int Width { get; init; }

    /// <summary>Columns of values and of the result.</summary>
    public required int ValueWidth { get; init; }

    /// <summary>What scalar products are multiplied by.</summary>
    public required double Scale { get; init; }

    /// <summary>Whether a row holds its part of all heads, <c>[batch, rows, heads · width]</c>, and not of one, <c>[batch, heads, rows, width]</c>.</summary>
    public required bool IsInterleaved { get; init; }

    /// <summary>Steps of the mask along batch, head, query and key; 0 where it is repeated.</summary>
    public required int[] MaskSteps { get; init; }

    /// <summary>As <see cref="MaskSteps"/>, of what is added to the scores.</summary>
    public required int[] BiasSteps { get; init; }

    public int Items => Batch * Heads;

    /// <summary>Elements from one row of a head to the next.</summary>
    public int Step(int width) => IsInterleaved ? Heads * width : width;

    /// <summary>First element of a head of an example.</summary>
    public nint Start(int item, int rows, int width) =>
        IsInterleaved ? ((((nint)(item / Heads) * rows * Heads) + (item % Heads)) * width) : (nint)item * rows * width;

    /// <summary>First element of what belongs to a query of an item.</summary>
    public nint Start(int[] steps, int item, int query) => ((nint)(item / Heads) * steps[0]) + ((nint)(item % Heads) * steps[1]) + ((nint)query * steps[2]);
}

namespace Quincunx.Runs.Onnx.Export;

/// <summary>A length or a place in the traces of two batches: the same in both, or one that depends on the batch.</summary>
/// <param name="Short">In the trace of the shorter batch.</param>
/// <param name="Long">In that of the longer one.</param>
internal readonly record struct Extent(long Short, long Long)
{
    public static readonly Extent Zero = new(0, 0), One = new(1, 1);

    public bool IsFixed => Short == Long;

    public static Extent operator *(Extent a, Extent b) => new(a.Short * b.Short, a.Long * b.Long);

    public static Extent operator +(Extent a, Extent b) => new(a.Short + b.Short, a.Long + b.Long);

    public static Extent operator -(Extent a, Extent b) => new(a.Short - b.Short, a.Long - b.Long);

    /// <summary>The quotient, if it is whole in both traces.</summary>
    public Extent? DividedBy(Extent divisor) =>
        divisor.Short != 0 && divisor.Long != 0 && Short % divisor.Short == 0 && Long % divisor.Long == 0
            ? new Extent(Short / divisor.Short, Long / divisor.Long)
            : null;

    /// <summary>Whether this is at least the other in both traces.</summary>
    public bool Reaches(Extent other) => Short >= other.Short && Long >= other.Long;

    public static Extent Product(IEnumerable<Extent> lengths) => lengths.Aggregate(One, (product, length) => product * length);

    public override string ToString() => IsFixed ? $"{Short}" : $"{Short} or {Long}";
}

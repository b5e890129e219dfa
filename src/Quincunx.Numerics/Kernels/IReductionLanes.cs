namespace Quincunx.Numerics.Kernels;

/// <summary>A reduction by an operation that may be taken in any order up to rounding, in lanes of every width.</summary>
internal interface IReductionLanes
{
    /// <summary>Whether <see cref="Add"/> takes many instructions, so that a loop should hold it only once.</summary>
    static virtual bool IsLong => false;

    /// <summary>Whether <see cref="Add"/> reads y.</summary>
    static virtual bool TakesPairs => false;

    /// <summary>The result of no elements.</summary>
    static abstract TVector Empty<T, TVector, TLanes>()
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;

    /// <summary>An element that leaves a result as it is.</summary>
    static abstract TVector Neutral<T, TVector, TLanes>()
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;

    /// <summary>The result with one element more. Some reductions take pairs x, y or read a number that belongs to the whole.</summary>
    static abstract TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;

    static abstract TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;

    /// <summary>The lanes combined, second half with first half until one is left.</summary>
    static abstract T OfLanes<T, TVector, TLanes>(TVector x)
        where T : unmanaged
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>;
}

namespace Quincunx.Numerics.Kernels;

/// <summary>The operations of one vector width, so that a kernel is written once and compiled for each.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TVector">The register type.</typeparam>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged
    where TVector : struct
{
    /// <summary>Elements of a register.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the matrix product's full register tile (two registers wide).</summary>
    static abstract int TileRows { get; }

    /// <summary>Whether <see cref="LoadMasked"/> is worth having in an inner loop.</summary>
    static abstract bool HasMasks { get; }

    static abstract TVector Load(T* source);

    /// <summary>All ones in the first <paramref name="count"/> lanes, zero in the others.</summary>
    static abstract TVector Mask(int count);

    /// <summary>Loads the lanes set in <paramref name="mask"/>; reads no memory behind the others, which become zero.</summary>
    static abstract TVector LoadMasked(T* source, TVector mask);

    static abstract void Store(T* target, TVector value);

    /// <summary>Stores the first <paramref name="count"/> lanes (fewer than all) and touches no memory beyond.</summary>
    static abstract void StorePart(T* target, TVector value, int count);

    static abstract TVector Broadcast(T value);

    static abstract TVector NegativeInfinity { get; }

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The floor where the value is below it, else the value: NaN too.</summary>
    static abstract TVector AtLeast(TVector floor, TVector value);

    /// <summary>a * b + c; with one rounding, except in the portable lanes.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>One element of <see cref="MultiplyAdd(TVector, TVector, TVector)"/>, with the same rounding.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);
}

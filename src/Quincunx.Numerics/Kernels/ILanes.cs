namespace Quincunx.Numerics.Kernels;

/// <summary>The operations of one vector width, so that a kernel is written once and compiled for each.</summary>
/// <remarks>
/// A mask has all bits set in the lanes that are meant and none in the others. Methods with "Bits" take lanes as whole numbers of
/// the element's size, which wrap around. Comparisons with NaN are false. But for <see cref="MultiplyAdd(TVector, TVector, TVector)"/>
/// in the portable lanes, every width gives a lane the same bits.
/// </remarks>
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

    /// <summary>Rows of <see cref="MatrixDots"/>' full tile (four columns wide).</summary>
    static abstract int DotRows { get; }

    /// <summary>Whether <see cref="LoadMasked"/> is worth having in an inner loop.</summary>
    static abstract bool HasMasks { get; }

    static abstract TVector Zero { get; }

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

    /// <summary>The floor where the value is below it, else the value: NaN too.</summary>
    static abstract TVector AtLeast(TVector floor, TVector value);

    /// <summary>One of two numbers in every lane, by the type of the elements.</summary>
    static abstract TVector Constant(float forSingle, double forDouble);

    /// <summary>One of two whole numbers in every lane, by the size of the elements.</summary>
    static abstract TVector BitsConstant(int forSingle, long forDouble);

    /// <summary>a * b + c; with one rounding, except in the portable lanes.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>One element of <see cref="MultiplyAdd(TVector, TVector, TVector)"/>, with the same rounding.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector SquareRoot(TVector x);

    static abstract TVector Negate(TVector x);

    static abstract TVector Abs(TVector x);

    /// <summary>The smaller; NaN where b is; either zero of two.</summary>
    static abstract TVector MinNative(TVector a, TVector b);

    /// <summary>The larger; NaN where b is; either zero of two.</summary>
    static abstract TVector MaxNative(TVector a, TVector b);

    /// <summary>The smaller; NaN where either is; -0 is below 0.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The larger; NaN where either is; 0 is above -0.</summary>
    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector Less(TVector a, TVector b);

    static abstract TVector LessOrEqual(TVector a, TVector b);

    static abstract TVector AreEqual(TVector a, TVector b);

    /// <summary>a in the lanes of the mask, b in the others.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>Whether the mask has every lane.</summary>
    static abstract bool All(TVector mask);

    static abstract TVector And(TVector a, TVector b);

    /// <summary>The bits of a that b lacks.</summary>
    static abstract TVector AndNot(TVector a, TVector b);

    static abstract TVector Or(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector AddBits(TVector a, TVector b);

    static abstract TVector SubtractBits(TVector a, TVector b);

    static abstract TVector ShiftBitsLeft(TVector x, int count);

    /// <summary>Zeros come in from the left.</summary>
    static abstract TVector ShiftBitsRight(TVector x, int count);

    /// <summary>x 2ⁿ with one rounding, for a whole n up to 2²⁰ (double: 2¹⁰, if beyond the range of exponents) in size and an x near 1.</summary>
    static abstract TVector Scale(TVector x, TVector n);

    static abstract T First(TVector x);

    /// <summary>Sum of the lanes: the second half is added to the first until one lane is left.</summary>
    static abstract T SumOfLanes(TVector x);

    /// <summary>NaN if a lane is.</summary>
    static abstract T MaxOfLanes(TVector x);

    /// <summary>NaN if a lane is.</summary>
    static abstract T MinOfLanes(TVector x);

    /// <summary>
    /// Writes the sums of the lanes of four vectors, one behind the other, to <paramref name="target"/>. A sum is the same tree, whatever
    /// the other vectors hold: within 128 bits first, then across.
    /// </summary>
    static abstract void StoreSums(T* target, TVector v0, TVector v1, TVector v2, TVector v3);
}

namespace Quincunx.Numerics.Kernels;

/// <summary>Where a transform has its numbers, and as much room beside it: passes go from one to the other.</summary>
internal readonly unsafe struct FftBuffers<T>
    where T : unmanaged
{
    public FftBuffers(T* start, int space)
        : this(start, start + space, start + (2 * (nint)space), start + (3 * (nint)space))
    {
    }

    private FftBuffers(T* real, T* imaginary, T* otherReal, T* otherImaginary)
    {
        Real = real;
        Imaginary = imaginary;
        OtherReal = otherReal;
        OtherImaginary = otherImaginary;
    }

    public T* Real { get; }

    public T* Imaginary { get; }

    public T* OtherReal { get; }

    public T* OtherImaginary { get; }

    /// <summary>After a pass.</summary>
    public FftBuffers<T> Swap() => new(OtherReal, OtherImaginary, Real, Imaginary);

    /// <summary>Real and imaginary parts exchanged: i times the conjugate. A forward transform between two exchanges is a backward one.</summary>
    public FftBuffers<T> Conjugate() => new(Imaginary, Real, OtherImaginary, OtherReal);
}

namespace Quincunx.Numerics.Kernels;

/// <summary>A number of terms, two to four, as a type: what depends on it is decided when a method is compiled.</summary>
internal interface ITermCount
{
    static abstract int Value { get; }
}

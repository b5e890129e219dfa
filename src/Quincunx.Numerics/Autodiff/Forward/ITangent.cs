namespace Quincunx.Numerics.Autodiff.Forward;

/// <summary>Derivatives in a fixed number of directions: so many numbers of float64, side by side, and what <see cref="Dual{TTangent}"/> does with them.</summary>
/// <remarks>All zeros is the default. Products and sums may be rounded once or twice, as the processor has it.</remarks>
/// <typeparam name="TSelf">The implementing type; its memory is <see cref="Directions"/> numbers and nothing else.</typeparam>
public interface ITangent<TSelf>
    where TSelf : unmanaged, ITangent<TSelf>
{
    /// <summary>How many directions.</summary>
    static abstract int Directions { get; }

    /// <summary>a x</summary>
    static abstract TSelf Scale(double a, TSelf x);

    /// <summary>a x + b y</summary>
    static abstract TSelf Combine(double a, TSelf x, double b, TSelf y);

    /// <summary>x + y</summary>
    static abstract TSelf Add(TSelf x, TSelf y);

    /// <summary>x - y</summary>
    static abstract TSelf Subtract(TSelf x, TSelf y);
}

using System.Numerics;

namespace Quincunx.Numerics.Tensors;

/// <summary>A function of two numbers, for a vector of lanes and for what is left at the end.</summary>
internal interface IBinaryLanes
{
    static abstract Vector<T> Of<T>(Vector<T> a, Vector<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>;

    static abstract T Of<T>(T a, T b)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

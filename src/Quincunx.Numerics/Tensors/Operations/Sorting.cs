using System.Numerics;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The elements in order along an axis, and where each was. Equal elements keep their order; NaN comes last.</summary>
    /// <returns>Values, differentiable, and their positions along the axis, both in this shape.</returns>
    public (Tensor Values, Indices Order) Sort(int axis, bool descending = false)
    {
        Indices order = ArgSort(axis, descending);
        return (Gather(axis, order), order);
    }

    /// <summary>Positions along an axis that put its elements in order, as <see cref="Sort"/> does.</summary>
    public Indices ArgSort(int axis, bool descending = false)
    {
        int normal = Shape.Axis(axis);
        return Indices.Own(DType == DType.Float32 ? Order<float>(normal, descending) : Order<double>(normal, descending), Shape);
    }

    private int[] Order<T>(int axis, bool descending)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int outer, int length, int inner) = Shape.Around(axis);
        ReadOnlySpan<T> x = AsSpan<T>();
        int[] order = new int[Count], lane = new int[length];
        var keys = new T[length];
        Comparison<int> before = (i, j) =>
        {
            T a = keys[i], b = keys[j];
            int byValue = T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b))
                : a == b ? 0
                : (a < b) == descending ? 1
                : -1;
            return byValue != 0 ? byValue : i.CompareTo(j);
        };
        for (int o = 0; o < outer; o++)
        {
            for (int j = 0; j < inner; j++)
            {
                int start = (o * length * inner) + j;
                for (int i = 0; i < length; i++)
                {
                    (keys[i], lane[i]) = (x[start + (i * inner)], i);
                }

                lane.AsSpan().Sort(before);
                for (int i = 0; i < length; i++)
                {
                    order[start + (i * inner)] = lane[i];
                }
            }
        }

        return order;
    }
}

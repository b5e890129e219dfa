using System.Numerics;
using System.Numerics.Tensors;

namespace Quincunx.Numerics.Kernels;

/// <summary>What elements of a spectrum are multiplied with.</summary>
/// <param name="N">Length of the transform.</param>
/// <param name="Ends">Of element 0, and of element n/2 where n is even: those that have no mirror image.</param>
/// <param name="Others">Of the others.</param>
internal readonly record struct FftWeights<T>(int N, T Ends, T Others)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Apply(Span<T> rows, int length, int pitch)
    {
        if (Ends == T.One && Others == T.One)
        {
            return;
        }

        Times(rows[..pitch], Ends);
        int middle = N % 2 == 0 && N / 2 < length ? N / 2 : length;
        if (middle > 1)
        {
            Times(rows[pitch..(middle * pitch)], Others);
        }

        if (middle < length && middle > 0)
        {
            Times(rows.Slice(middle * pitch, pitch), Ends);
            Times(rows[((middle + 1) * pitch)..(length * pitch)], Others);
        }
    }

    private static void Times(Span<T> x, T factor) => TensorPrimitives.Multiply(x, factor, x);
}

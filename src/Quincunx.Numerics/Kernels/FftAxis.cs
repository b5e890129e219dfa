using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Transforms the lanes along one axis of an array, a block of them at a time.</summary>
internal static unsafe class FftAxis
{
    /// <summary>Numbers of scratch memory.</summary>
    public static int ScratchLength<T>(FftPlan<T> plan, int outer, int inner)
        where T : unmanaged, IFloatingPointIeee754<T> => checked(4 * plan.Space(BlockOf(plan, outer, inner)));

    /// <summary>y = transform of x, along the middle axis of arrays [outer, length, inner].</summary>
    /// <param name="xi">Imaginary parts; empty for none.</param>
    /// <param name="lengthX">Elements of x along the axis, at most the plan's; the others are zeros.</param>
    /// <param name="yi">Empty if only real parts are wanted.</param>
    /// <param name="lengthY">Elements of y along the axis, from the first on.</param>
    /// <param name="weights">Of the elements of the shorter side, x or y.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> numbers.</param>
    public static void Run<T>(
        FftPlan<T> plan, bool inverse, int outer, int inner, ReadOnlySpan<T> xr, ReadOnlySpan<T> xi, int lengthX, Span<T> yr, Span<T> yi, int lengthY, FftWeights<T> weights,
        Span<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int block = BlockOf(plan, outer, inner), along = inner == 1 ? outer : inner, groups = inner == 1 ? 1 : outer;
        bool weighsInput = lengthX < lengthY;
        fixed (T* start = scratch)
        {
            for (int group = 0; group < groups; group++)
            {
                for (int from = 0; from < along; from += block)
                {
                    int lanes = Math.Min(block, along - from), pitch = plan.Pitch(lanes);
                    var x = new FftBuffers<T>(start, plan.Space(lanes));
                    int offset = group * inner, first = inner == 1 ? from : from + (offset * lengthX);
                    Gather(xr, first, x.Real, lengthX, plan.N, inner, lanes, pitch, weights, weighsInput);
                    Gather(xi, first, x.Imaginary, lengthX, plan.N, inner, lanes, pitch, weights, weighsInput);
                    x = inverse ? x.Conjugate() : x;
                    Fft.Forward(plan, ref x, lanes);
                    x = inverse ? x.Conjugate() : x;
                    first = inner == 1 ? from : from + (offset * lengthY);
                    Scatter(x.Real, yr, first, lengthY, inner, lanes, pitch, weights, !weighsInput);
                    Scatter(x.Imaginary, yi, first, lengthY, inner, lanes, pitch, weights, !weighsInput);
                }
            }
        }
    }

    // One lane where it is split, and lies side by side; else a register of them.
    private static int BlockOf<T>(FftPlan<T> plan, int outer, int inner)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        inner == 1 && plan.Pitch(1) == 1 ? 1 : Math.Max(1, Math.Min(inner == 1 ? outer : inner, Fft.Width<T>()));

    // `first` is the first lane where lanes lie one after the other, else the first element.
    private static void Gather<T>(
        ReadOnlySpan<T> x, int first, T* to, int length, int n, int inner, int lanes, int pitch, FftWeights<T> weights, bool weighs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var buffer = new Span<T>(to, n * pitch);
        if (x.IsEmpty)
        {
            buffer.Clear();
            return;
        }

        if (lanes < pitch || length < n)
        {
            buffer.Clear();
        }

        if (inner == 1 && pitch == 1)
        {
            x.Slice(first * length, length).CopyTo(buffer);
        }
        else if (inner == 1)
        {
            for (int q = 0; q < lanes; q++)
            {
                ReadOnlySpan<T> lane = x.Slice((first + q) * length, length);
                for (int j = 0; j < lane.Length; j++)
                {
                    to[(j * pitch) + q] = lane[j];
                }
            }
        }
        else
        {
            for (int j = 0; j < length; j++)
            {
                x.Slice(first + (j * inner), lanes).CopyTo(buffer[(j * pitch)..]);
            }
        }

        if (weighs)
        {
            weights.Apply(buffer, length, pitch);
        }
    }

    private static void Scatter<T>(T* from, Span<T> y, int first, int length, int inner, int lanes, int pitch, FftWeights<T> weights, bool weighs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (y.IsEmpty)
        {
            return;
        }

        var buffer = new Span<T>(from, length * pitch);
        if (weighs)
        {
            weights.Apply(buffer, length, pitch);
        }

        if (inner == 1 && pitch == 1)
        {
            buffer.CopyTo(y[(first * length)..]);
        }
        else if (inner == 1)
        {
            for (int q = 0; q < lanes; q++)
            {
                Span<T> lane = y.Slice((first + q) * length, length);
                for (int j = 0; j < lane.Length; j++)
                {
                    lane[j] = from[(j * pitch) + q];
                }
            }
        }
        else
        {
            for (int j = 0; j < length; j++)
            {
                buffer.Slice(j * pitch, lanes).CopyTo(y[(first + (j * inner))..]);
            }
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Between planes of a grid and the matrix whose columns are windows: what turns a convolution into a matrix product, and back.</summary>
/// <remarks>A plane is copied with its padding first, so that the windows need not ask where they are.</remarks>
internal static unsafe class WindowColumns
{
    /// <summary>Elements that <see cref="Gather"/> may read behind the padded planes, and write behind the columns.</summary>
    public const int Slack = 16;

    /// <summary>Copies planes with their padding, up to where windows reach.</summary>
    /// <param name="x">Shape <c>[planes, input]</c>.</param>
    /// <param name="empty">What stands where there is no input.</param>
    /// <param name="padded">Shape <c>[planes, padded]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pad<T>(WindowGeometry g, T* x, int planes, T empty, T* padded)
        where T : unmanaged
    {
        ReadOnlySpan<int> outer = g.PlacesOf(0), middle = g.PlacesOf(1), inner = g.PlacesOf(2);
        (int from, int to) = Whole(inner);
        for (int plane = 0; plane < planes; plane++, x += g.InputCount)
        {
            foreach (int i0 in outer)
            {
                foreach (int i1 in middle)
                {
                    if (i0 < 0 || i1 < 0)
                    {
                        new Span<T>(padded, inner.Length).Fill(empty);
                        padded += inner.Length;
                        continue;
                    }

                    T* row = x + ((((nint)i0 * g.Input[1]) + i1) * g.Input[2]);
                    for (int q = 0; q < from; q++)
                    {
                        padded[q] = inner[q] < 0 ? empty : row[inner[q]];
                    }

                    if (to > from)
                    {
                        Unsafe.CopyBlockUnaligned(padded + from, row + inner[from], (uint)((to - from) * sizeof(T)));
                    }

                    for (int q = to; q < inner.Length; q++)
                    {
                        padded[q] = inner[q] < 0 ? empty : row[inner[q]];
                    }

                    padded += inner.Length;
                }
            }
        }
    }

    /// <summary>Adds padded planes to where their elements came from: the transpose of <see cref="Pad"/>. What stands in zeros is dropped.</summary>
    /// <param name="padded">Shape <c>[planes, padded]</c>.</param>
    /// <param name="x">Shape <c>[planes, input]</c>, holding what to begin with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold<T>(WindowGeometry g, T* padded, int planes, T* x)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<int> outer = g.PlacesOf(0), middle = g.PlacesOf(1), inner = g.PlacesOf(2);
        for (int plane = 0; plane < planes; plane++, x += g.InputCount)
        {
            foreach (int i0 in outer)
            {
                foreach (int i1 in middle)
                {
                    T* row = x + ((((nint)i0 * g.Input[1]) + i1) * g.Input[2]);
                    for (int q = 0; q < inner.Length && i0 >= 0 && i1 >= 0; q++)
                    {
                        if (inner[q] >= 0)
                        {
                            row[inner[q]] += padded[q];
                        }
                    }

                    padded += inner.Length;
                }
            }
        }
    }

    /// <summary>Writes some of the windows as columns: rows are elements of the window, plane by plane.</summary>
    /// <param name="padded">Shape <c>[planes, padded]</c>, with <see cref="Slack"/> behind it.</param>
    /// <param name="from">First window, in row-major order of the output.</param>
    /// <param name="columns">Shape <c>[planes · window, count]</c>, with <see cref="Slack"/> behind it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T>(WindowGeometry g, T* padded, int planes, int from, int count, T* columns)
        where T : unmanaged
    {
        int stride = g.Stride[2];
        for (var row = new RowWalker(g, planes, from); row.Next(); columns += count)
        {
            int at = 0;
            for (row.Begin(); at < count; row.Advance())
            {
                int run = Math.Min(row.Left, count - at);
                T* source = padded + row.Offset, target = columns + at;
                if (stride == 1)
                {
                    // Whole registers: what runs over the end is overwritten by what follows.
                    for (int i = 0; i < run; i += Vector256<T>.Count)
                    {
                        Vector256.Load(source + i).Store(target + i);
                    }
                }
                else
                {
                    for (int i = 0; i < run; i++, source += stride)
                    {
                        target[i] = *source;
                    }
                }

                at += run;
            }
        }
    }

    /// <summary>Adds columns to the elements of the windows: the transpose of <see cref="Gather"/>.</summary>
    /// <param name="columns">Shape <c>[planes · window, count]</c>.</param>
    /// <param name="padded">Shape <c>[planes, padded]</c>, holding what to begin with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(WindowGeometry g, T* columns, int planes, int from, int count, T* padded)
        where T : unmanaged, INumberBase<T>
    {
        int stride = g.Stride[2];
        for (var row = new RowWalker(g, planes, from); row.Next(); columns += count)
        {
            int at = 0;
            for (row.Begin(); at < count; row.Advance())
            {
                int run = Math.Min(row.Left, count - at), i = 0;
                T* target = padded + row.Offset, source = columns + at;
                if (stride == 1)
                {
                    for (; i <= run - Vector256<T>.Count; i += Vector256<T>.Count)
                    {
                        (Vector256.Load(target + i) + Vector256.Load(source + i)).Store(target + i);
                    }
                }

                for (; i < run; i++)
                {
                    target[(nint)i * stride] += source[i];
                }

                at += run;
            }
        }
    }

    // The longest part of a padded axis that is read in order.
    private static (int From, int To) Whole(ReadOnlySpan<int> places)
    {
        int from = places.IndexOf(0);
        if (from < 0)
        {
            return (0, places[0] < 0 ? 0 : Rising(places, 0));
        }

        return (from, Rising(places, from));
    }

    private static int Rising(ReadOnlySpan<int> places, int from)
    {
        int to = from + 1;
        while (to < places.Length && places[to] == places[to - 1] + 1)
        {
            to++;
        }

        return to;
    }

    // Walks over the rows of the matrix of columns and, within one, over the runs of windows that lie in one line of the grid.
    private struct RowWalker(WindowGeometry g, int planes, int from)
    {
        private readonly int _rows = planes * g.WindowCount, _lines = g.Output[1], _length = g.Output[2], _window = g.WindowCount;
        private readonly int _first = from % g.Output[2], _line = from / g.Output[2] % g.Output[1], _slice = from / g.Output[2] / g.Output[1];
        private readonly int _w1 = g.Window[1], _w2 = g.Window[2], _d0 = g.Dilation[0], _d1 = g.Dilation[1], _d2 = g.Dilation[2];
        private readonly int _s0 = g.Stride[0], _s1 = g.Stride[1], _s2 = g.Stride[2], _p1 = g.Padded[1], _p2 = g.Padded[2], _plane = g.PaddedCount;
        private int _row = -1, _base, _o1, _o0, _o2;

        /// <summary>Windows from here to the end of the line.</summary>
        public readonly int Left => _length - _o2;

        /// <summary>The element of the window here, on the padded planes.</summary>
        public readonly nint Offset => _base + ((((_o0 * _s0 * _p1) + (_o1 * _s1)) * _p2) + (_o2 * _s2));

        public bool Next()
        {
            if (++_row >= _rows)
            {
                return false;
            }

            (int plane, int k) = (_row / _window, _row % _window);
            int k2 = k % _w2, k1 = k / _w2 % _w1, k0 = k / _w2 / _w1;
            _base = (plane * _plane) + (((k0 * _d0 * _p1) + (k1 * _d1)) * _p2) + (k2 * _d2);
            return true;
        }

        public void Begin() => (_o0, _o1, _o2) = (_slice, _line, _first);

        public void Advance()
        {
            _o2 = 0;
            if (++_o1 == _lines)
            {
                _o1 = 0;
                _o0++;
            }
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Linear interpolation of tables at positions between their entries, and its transpose. No two spans overlap.</summary>
internal static class Tables
{
    /// <summary>y = the table at the position, or its slope there.</summary>
    public static void Interpolate<T>(ReadOnlySpan<T> table, ReadOnlySpan<T> positions, Span<T> y, TableShape s, bool isPeriodic, bool isSlope)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int at = 0;
        for (int o = 0; o < s.Outer; o++)
        {
            ReadOnlySpan<T> entries = table.Slice(o * s.Length * s.Inner, s.Length * s.Inner);
            for (int i = 0; i < s.Count; i++)
            {
                for (int j = 0; j < s.Inner; j++, at++)
                {
                    (int low, int high, T share, bool isInside) = Find(positions[at], s.Length, isPeriodic);
                    T a = entries[(low * s.Inner) + j], b = entries[(high * s.Inner) + j];

                    // Not a + share (b - a): an entry that is infinite has to give itself where the position is on it.
                    y[at] = isSlope ? (isInside ? b - a : share * T.Zero)
                        : share == T.Zero ? a
                        : share == T.One ? b
                        : ((T.One - share) * a) + (share * b);
                }
            }
        }
    }

    /// <summary>table = the transpose of <see cref="Interpolate"/> in the table, applied to y; in the order of the positions.</summary>
    public static void Spread<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> positions, Span<T> table, TableShape s, bool isPeriodic, bool isSlope)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        table.Clear();
        int at = 0;
        for (int o = 0; o < s.Outer; o++)
        {
            Span<T> entries = table.Slice(o * s.Length * s.Inner, s.Length * s.Inner);
            for (int i = 0; i < s.Count; i++)
            {
                for (int j = 0; j < s.Inner; j++, at++)
                {
                    (int low, int high, T share, bool isInside) = Find(positions[at], s.Length, isPeriodic);
                    (T a, T b) = !isSlope ? (T.One - share, share) : isInside ? (-T.One, T.One) : (share * T.Zero, share * T.Zero);
                    entries[(low * s.Inner) + j] += a * y[at];
                    entries[(high * s.Inner) + j] += b * y[at];
                }
            }
        }
    }

    // The entries before and behind a position, and the share of the second. A share of NaN is what a position without a place has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Low, int High, T Share, bool IsInside) Find<T>(T position, int length, bool isPeriodic)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T last = T.CreateTruncating(length - 1);
        if (isPeriodic)
        {
            T period = T.CreateTruncating(length), turned = position - (T.Floor(position / period) * period);
            if (!T.IsFinite(turned))
            {
                return (0, 0, T.NaN, false);
            }

            // Rounding may bring a position just below 0 to the period itself, or below 0.
            T floor = T.Floor(turned);
            int low = int.CreateTruncating(floor) % length;
            low = low < 0 ? low + length : low;
            return (low, low + 1 == length ? 0 : low + 1, turned - floor, true);
        }

        if (!(position >= T.Zero && position <= last))
        {
            return T.IsNaN(position) ? (0, 0, position, false) : position < T.Zero ? (0, 0, T.Zero, false) : (length - 1, length - 1, T.Zero, false);
        }

        // The last entry belongs to the interval before it, where there is one.
        int below = Math.Max(0, Math.Min(int.CreateTruncating(position), length - 2));
        return length == 1 ? (0, 0, T.Zero, false) : (below, below + 1, position - T.CreateTruncating(below), true);
    }
}

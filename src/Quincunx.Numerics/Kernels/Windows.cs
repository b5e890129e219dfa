using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>Mean and maximum over the windows of planes, and the linear maps that their derivatives are.</summary>
/// <remarks>Spans that the windows lie in are <c>[planes, input]</c>, those with a number for each window <c>[planes, output]</c>. No two overlap.</remarks>
internal static class Windows
{
    /// <summary>y = mean of each window; NaN for one without elements.</summary>
    public static void Mean<T>(WindowElements windows, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; !y.IsEmpty; x = x[windows.InputCount..], y = y[windows.OutputCount..])
        {
            for (int o = 0; o < windows.OutputCount; o++)
            {
                ReadOnlySpan<int> elements = windows.Of(o);
                T sum = T.Zero;
                foreach (int at in elements)
                {
                    sum += x[at];
                }

                y[o] = sum / T.CreateTruncating(elements.Length);
            }
        }
    }

    /// <summary>x = the transpose of <see cref="Mean"/>, applied to y.</summary>
    public static void SpreadMean<T>(WindowElements windows, ReadOnlySpan<T> y, Span<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        x.Clear();
        for (; !y.IsEmpty; x = x[windows.InputCount..], y = y[windows.OutputCount..])
        {
            for (int o = 0; o < windows.OutputCount; o++)
            {
                ReadOnlySpan<int> elements = windows.Of(o);
                T share = y[o] / T.CreateTruncating(elements.Length);
                foreach (int at in elements)
                {
                    x[at] += share;
                }
            }
        }
    }

    /// <summary>y = largest of each window; NaN where there is one, -∞ for a window without elements.</summary>
    public static void Max<T>(WindowElements windows, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; !y.IsEmpty; x = x[windows.InputCount..], y = y[windows.OutputCount..])
        {
            for (int o = 0; o < windows.OutputCount; o++)
            {
                T largest = T.NegativeInfinity;
                foreach (int at in windows.Of(o))
                {
                    // Written so that NaN wins, and stays.
                    T candidate = x[at];
                    largest = candidate <= largest || T.IsNaN(largest) ? largest : candidate;
                }

                y[o] = largest;
            }
        }
    }

    /// <summary>y = mean of v over the elements of each window whose x is the window's largest; NaN for a window that holds NaN.</summary>
    /// <param name="largest">As <see cref="Max"/> gives it.</param>
    public static void MeanOfLargest<T>(WindowElements windows, ReadOnlySpan<T> x, ReadOnlySpan<T> largest, ReadOnlySpan<T> v, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; !y.IsEmpty; x = x[windows.InputCount..], v = v[windows.InputCount..], y = y[windows.OutputCount..], largest = largest[windows.OutputCount..])
        {
            for (int o = 0; o < windows.OutputCount; o++)
            {
                T sum = T.Zero;
                int count = 0;
                foreach (int at in windows.Of(o))
                {
                    if (x[at] == largest[o])
                    {
                        sum += v[at];
                        count++;
                    }
                }

                y[o] = count == 0 && !T.IsNaN(largest[o]) ? T.Zero : sum / T.CreateTruncating(count);
            }
        }
    }

    /// <summary>v = the transpose of <see cref="MeanOfLargest"/>, applied to y.</summary>
    public static void SpreadToLargest<T>(WindowElements windows, ReadOnlySpan<T> x, ReadOnlySpan<T> largest, ReadOnlySpan<T> y, Span<T> v)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        v.Clear();
        for (; !y.IsEmpty; x = x[windows.InputCount..], v = v[windows.InputCount..], y = y[windows.OutputCount..], largest = largest[windows.OutputCount..])
        {
            for (int o = 0; o < windows.OutputCount; o++)
            {
                ReadOnlySpan<int> elements = windows.Of(o);
                T top = largest[o];
                bool isNan = T.IsNaN(top);
                int count = 0;
                foreach (int at in elements)
                {
                    count += x[at] == top ? 1 : 0;
                }

                T share = isNan ? T.NaN : y[o] / T.CreateTruncating(count);
                foreach (int at in elements)
                {
                    if (x[at] == top || isNan)
                    {
                        v[at] += share;
                    }
                }
            }
        }
    }
}

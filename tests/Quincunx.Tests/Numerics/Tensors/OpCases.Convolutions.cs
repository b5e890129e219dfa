using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static WindowOptions Plain => new();

    private static WindowOptions Rimmed => new() { Padding = [1] };

    private static WindowOptions Torus => new() { Padding = [1], PaddingKind = PaddingKind.Circular };

    private static WindowOptions FarTorus => new() { Padding = [4, 7], PaddingKind = PaddingKind.Circular };

    private static WindowOptions Striding => new() { Stride = [2], Padding = [1] };

    private static WindowOptions Skewed => new() { Stride = [2, 3], Padding = [2, 1], Dilation = [1, 2] };

    private static WindowOptions SkewedTorus => new() { Stride = [1, 2], Padding = [1, 2], Dilation = [2, 1], PaddingKind = PaddingKind.Circular };

    private static IEnumerable<OpCase> Convolved =>
    [
        Convolution("Convolution", Plain, 1, [[[2, 3, 5], [4, 3, 3]], [[1, 1, 1], [1, 1, 1]], [[1, 2, 40], [3, 2, 5]], [[0, 2, 5], [3, 2, 2]]]) with { Misfit = [[2, 3, 5], [4, 2, 3]] },
        Convolution("Convolution:window too long", Plain, 1, [[[1, 1, 3], [1, 1, 3]]]) with { Misfit = [[1, 1, 3], [1, 1, 4]] },
        Convolution("Convolution:plane", Plain, 1, [[[2, 2, 5, 6], [3, 2, 3, 2]], [[2, 3, 4, 5], [4, 3, 1, 1]], [[1, 1, 3, 9], [1, 1, 2, 1]]]),
        Convolution("Convolution:plane, padded", Rimmed, 1, [[[2, 2, 4, 5], [3, 2, 3, 3]], [[1, 1, 1, 1], [2, 1, 3, 3]], [[1, 2, 2, 33], [2, 2, 3, 3]]]),
        Convolution("Convolution:torus", Torus, 1, [[[2, 2, 4, 5], [3, 2, 3, 3]], [[1, 1, 1, 2], [2, 1, 3, 3]], [[1, 1, 17, 2], [1, 1, 3, 3]]]),
        Convolution("Convolution:torus, many times round", FarTorus, 1, [[[1, 1, 3, 2], [1, 1, 3, 4]]]),
        Convolution("Convolution:strided", Striding, 1, [[[2, 2, 7], [3, 2, 3]], [[2, 1, 6, 5], [2, 1, 3, 2]], [[1, 2, 6, 5], [2, 2, 1, 1]]]),
        Convolution("Convolution:uneven", Skewed, 1, [[[2, 2, 5, 7], [2, 2, 3, 3]], [[1, 1, 5, 8], [1, 1, 2, 2]]]),
        Convolution("Convolution:uneven torus", SkewedTorus, 1, [[[2, 2, 5, 7], [2, 2, 3, 3]]]),
        Convolution("Convolution:groups", Rimmed, 2, [[[2, 4, 5], [6, 2, 3]], [[2, 2, 3, 4], [2, 1, 3, 3]], [[1, 4, 5], [2, 2, 1]]]),
        Convolution("Convolution:space", Rimmed, 1, [[[2, 2, 3, 4, 3], [2, 2, 2, 3, 3]], [[1, 1, 2, 2, 2], [1, 1, 1, 1, 1]]]) with { Tolerance = 1e-14 },
        Convolution("Convolution:space, torus", Torus with { Stride = [1, 2, 1] }, 1, [[[1, 2, 2, 4, 3], [2, 2, 3, 3, 3]]]) with { Tolerance = 1e-14 },
        WithBias("Convolution:bias", Rimmed, 1, [[[2, 3, 5], [4, 3, 3], [4]], [[2, 2, 3, 4], [3, 2, 3, 3], [3]]]),
        WithBias("Convolution:bias and groups", Torus, 2, [[[2, 4, 5], [4, 2, 3], [4]], [[1, 2, 3], [2, 1, 1], [2]]]),
        Transposed("TransposedConvolution", Plain, 1, [0], [[[2, 3, 4], [3, 2, 3]], [[1, 1, 1], [1, 1, 1]], [[2, 2, 3, 4], [2, 3, 2, 3]], [[2, 3, 4, 5], [3, 2, 1, 1]]])
            with { Misfit = [[2, 3, 4], [2, 2, 3]] },
        Transposed("TransposedConvolution:padded", Rimmed, 1, [0], [[[2, 2, 4], [2, 3, 3]], [[1, 2, 3, 33], [2, 2, 3, 3]]]),
        Transposed("TransposedConvolution:strided", Striding, 1, [1], [[[2, 2, 3], [2, 3, 3]], [[1, 2, 3, 2], [2, 1, 3, 3]]]),
        Transposed("TransposedConvolution:uneven", Skewed, 1, [1, 2], [[[2, 2, 3, 4], [2, 2, 3, 3]]]),
        Transposed("TransposedConvolution:torus", SkewedTorus, 2, [0, 1], [[[2, 4, 3, 4], [4, 2, 3, 3]]]),
        Transposed("TransposedConvolution:space", Striding, 1, [0], [[[1, 2, 2, 2, 3], [2, 2, 3, 2, 3]]]),
        Row("TransposedConvolution:bias", x => Tensor.TransposedConvolution(x[0], x[1], x[2], Striding), x => Biased(Turned(x[0], x[1], Striding, 1, [0]), x[2]),
            [[2, 2, 3, 4], [2, 3, 3, 3], [3]]),
    ];

    private static OpCase Convolution(string name, WindowOptions window, int groups, int[][][] shapes) =>
        Row(name, x => Tensor.Convolution(x[0], x[1], null, window, groups), x => Slid(x[0], x[1], window, groups), shapes) with { Tolerance = 1e-14 };

    private static OpCase WithBias(string name, WindowOptions window, int groups, int[][][] shapes) =>
        Row(name, x => Tensor.Convolution(x[0], x[1], x[2], window, groups), x => Biased(Slid(x[0], x[1], window, groups), x[2]), shapes) with { Tolerance = 1e-14 };

    private static OpCase Transposed(string name, WindowOptions window, int groups, int[] behind, int[][][] shapes) =>
        Row(name, x => Tensor.TransposedConvolution(x[0], x[1], null, window, groups, behind), x => Turned(x[0], x[1], window, groups, behind), shapes) with { Tolerance = 1e-14 };

    private static NaiveArray Biased(NaiveArray y, NaiveArray bias) => NaiveArray.Of(y.Lengths, i => y.At(i) + bias.At(i[1]));

    private static int Of(IReadOnlyList<int> numbers, int axis) => numbers[numbers.Count == 1 ? 0 : axis];

    // Where element j of the window at place o is, or -1 in the zeros.
    private static int Position(WindowOptions w, int axis, int o, int j, int length)
    {
        int at = (o * Of(w.Stride ?? [1], axis)) + (j * Of(w.Dilation, axis)) - Of(w.Padding, axis);
        return w.PaddingKind == PaddingKind.Circular ? ((at % length) + length) % length : at >= 0 && at < length ? at : -1;
    }

    private static int[] PlacesOf(int[] grid, int[] window, WindowOptions w) =>
        [.. grid.Select((n, a) => ((n + (2 * Of(w.Padding, a)) - (Of(w.Dilation, a) * (window[a] - 1)) - 1) / Of(w.Stride ?? [1], a)) + 1)];

    private static NaiveArray Slid(NaiveArray x, NaiveArray weight, WindowOptions w, int groups)
    {
        int channels = weight.Lengths[1], filters = weight.Lengths[0] / groups;
        int[] grid = x.Lengths[2..], window = weight.Lengths[2..];
        return NaiveArray.Of([x.Lengths[0], weight.Lengths[0], .. PlacesOf(grid, window, w)], y =>
        {
            double sum = 0;
            NaiveArray.Of([channels, .. window], j =>
            {
                int[] at = [.. grid.Select((n, a) => Position(w, a, y[a + 2], j[a + 1], n))];
                return sum += at.Contains(-1) ? 0 : weight.At([y[1], .. j]) * x.At([y[0], (y[1] / filters * channels) + j[0], .. at]);
            });
            return sum;
        });
    }

    // The definition of the transpose: each product goes to the place that the convolution would have read.
    private static NaiveArray Turned(NaiveArray x, NaiveArray weight, WindowOptions w, int groups, int[] behind)
    {
        int channels = weight.Lengths[1], filters = weight.Lengths[0] / groups;
        int[] places = x.Lengths[2..], window = weight.Lengths[2..];
        int[] grid = [.. places.Select((n, a) => ((n - 1) * Of(w.Stride ?? [1], a)) - (2 * Of(w.Padding, a)) + (Of(w.Dilation, a) * (window[a] - 1)) + Of(behind, a) + 1)];
        int[] lengths = [x.Lengths[0], channels * groups, .. grid];
        double[] y = new double[lengths.Aggregate(1, (a, b) => a * b)];
        NaiveArray.Of(x.Lengths, i => NaiveArray.Of([channels, .. window], j =>
        {
            int[] at = [.. grid.Select((n, a) => Position(w, a, i[a + 2], j[a + 1], n))];
            if (!at.Contains(-1))
            {
                int[] to = [i[0], (i[1] / filters * channels) + j[0], .. at];
                y[to.Zip(lengths).Aggregate(0, (p, q) => (p * q.Second) + q.First)] += weight.At([i[1], .. j]) * x.At(i);
            }

            return 0;
        }).Rank);
        return new NaiveArray(lengths, y);
    }
}

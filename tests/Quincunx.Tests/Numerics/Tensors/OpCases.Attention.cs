using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static readonly int[][][] AttentionShapes =
    [
        [[2, 2, 3, 4], [2, 2, 5, 4], [2, 2, 5, 3]], [[1, 1, 1, 1], [1, 1, 5, 1], [1, 1, 5, 1]], [[2, 1, 2, 9], [2, 1, 5, 9], [2, 1, 5, 17]], [[0, 2, 3, 2], [0, 2, 5, 2], [0, 2, 5, 2]],
    ];

    private static readonly int[][][] OtherAttentionShapes =
    [
        [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]], [[1, 2, 3, 2], [1, 2, 18, 2], [1, 2, 18, 2]], [[1, 2, 0, 2], [1, 2, 3, 2], [1, 2, 3, 2]], [[1, 2, 3, 2], [1, 2, 0, 2], [1, 2, 0, 4]],
    ];

    private static readonly int[][][] JoinedShapes =
    [
        [[2, 3, 8], [2, 5, 8], [2, 5, 6]], [[1, 1, 2], [1, 5, 2], [1, 5, 4]], [[2, 4, 18], [2, 5, 18], [2, 5, 34]], [[0, 3, 4], [0, 5, 4], [0, 5, 2]],
    ];

    private static readonly Tensor SeenKeys = Tensor.From([1.0, 0, Nan, 0, -2], new Shape(5));

    // Of the third query nothing is seen, of the first in the second example neither.
    private static readonly Tensor SeenPairs = Tensor.From(
        [.. Enumerable.Range(0, 30).Select(i => i / 5 % 3 == 2 || i / 5 == 3 || i % 4 == 1 ? 0.0 : 1)], new Shape(2, 1, 3, 5));

    private static readonly Tensor SeenQueries = Tensor.From([1.0, 0, 1], new Shape(3, 1));

    private static readonly Tensor Hides = Tensor.From([0, -Inf, 0, 0, -Inf], new Shape(5));

    private static IEnumerable<OpCase> Attentions =>
    [
        Attend("Attention", x => Tensor.Attention(x[0], x[1], x[2]), (_, _, _, _) => 0, null, [.. AttentionShapes, .. OtherAttentionShapes])
            with { Misfit = [[2, 2, 3, 4], [2, 2, 5, 3], [2, 2, 5, 3]] },
        Attend("Attention:scale", x => Tensor.Attention(x[0], x[1], x[2], scale: -0.7), (_, _, _, _) => 0, -0.7, AttentionShapes),
        Attend("Attention:keys hidden", x => Tensor.Attention(x[0], x[1], x[2], Like(SeenKeys, x)), (_, _, _, m) => m is 1 or 3 ? -Inf : 0, null, AttentionShapes),
        Attend("Attention:pairs hidden", x => Tensor.Attention(x[0], x[1], x[2], Like(SeenPairs, x)), (b, _, n, m) => At(SeenPairs, b, 0, n, m) == 0 ? -Inf : 0, null, AttentionShapes[..1]),
        Attend("Attention:queries hidden", x => Tensor.Attention(x[0], x[1], x[2], Like(SeenQueries, x)), (_, _, n, _) => n == 1 ? -Inf : 0, null, AttentionShapes[..1]),
        Attend("Attention:hidden by infinity", x => Tensor.Attention(x[0], x[1], x[2], null, Like(Hides, x)), (_, _, _, m) => m is 1 or 4 ? -Inf : 0, null, AttentionShapes),
        Biased("Attention:bias", null, [3, 5]),
        Biased("Attention:bias of pairs", null, [2, 2, 3, 5]),
        Biased("Attention:bias of heads", null, [2, 1, 1]),
        Biased("Attention:bias and mask", SeenPairs, [2, 1, 5]),
        Joined("MultiHeadAttention", x => Tensor.MultiHeadAttention(x[0], x[1], x[2], 2), (_, _, _, _) => 0, JoinedShapes)
            with { Misfit = [[2, 3, 5], [2, 5, 5], [2, 5, 6]] },
        Joined("MultiHeadAttention:hidden", x => Tensor.MultiHeadAttention(x[0], x[1], x[2], 2, Like(SeenPairs, x)), (b, _, n, m) => At(SeenPairs, b, 0, n, m) == 0 ? -Inf : 0, JoinedShapes[..1]),
        Row("MultiHeadAttention:bias", x => Tensor.MultiHeadAttention(x[0], x[1], x[2], 2, Like(SeenKeys, x), x[3]),
            x => HeadsBeside(Weighted(HeadsOf(x[0]), HeadsOf(x[1]), HeadsOf(x[2]), (b, h, n, m) => m is 1 or 3 ? -Inf : x[3].At(b, h, n, m), null)), [[2, 3, 8], [2, 5, 8], [2, 5, 6], [2, 3, 5]])
            with { Tolerance = 1e-14 },
    ];

    private static Tensor Like(Tensor mask, Tensor[] x) => mask.To(x[0].DType);

    private static double At(Tensor x, params int[] index) => NaiveArray.From(x).At(index);

    private static OpCase Attend(
        string name, Func<Tensor[], Tensor> run, Func<int, int, int, int, double> bias, double? scale, int[][][] shapes) =>
        Row(name, run, x => Weighted(x[0], x[1], x[2], bias, scale), shapes) with { Tolerance = 1e-14 };

    private static OpCase Biased(string name, Tensor? mask, int[] bias) =>
        Row(
            name, x => Tensor.Attention(x[0], x[1], x[2], mask is null ? null : Like(mask, x), x[3]),
            x => Weighted(x[0], x[1], x[2], (b, h, n, m) => mask is not null && At(mask, b, 0, n, m) == 0 ? -Inf : x[3].At(b, h, n, m), null),
            [.. AttentionShapes[0], bias]) with
        {
            Tolerance = 1e-14,
        };

    private static OpCase Joined(string name, Func<Tensor[], Tensor> run, Func<int, int, int, int, double> bias, int[][][] shapes) =>
        Row(name, run, x => HeadsBeside(Weighted(HeadsOf(x[0]), HeadsOf(x[1]), HeadsOf(x[2]), bias, null)), shapes) with { Tolerance = 1e-14 };

    // The two heads of features, one behind the other.
    private static NaiveArray HeadsOf(NaiveArray x)
    {
        int width = x.Lengths[2] / 2;
        return NaiveArray.Of([x.Lengths[0], 2, x.Lengths[1], width], i => x.At(i[0], i[2], (i[1] * width) + i[3]));
    }

    private static NaiveArray HeadsBeside(NaiveArray x) =>
        NaiveArray.Of([x.Lengths[0], x.Lengths[2], 2 * x.Lengths[3]], i => x.At(i[0], i[2] / x.Lengths[3], i[1], i[2] % x.Lengths[3]));

    private static NaiveArray Weighted(NaiveArray q, NaiveArray k, NaiveArray v, Func<int, int, int, int, double> bias, double? scale)
    {
        int d = q.Lengths[3], m = k.Lengths[2];
        return NaiveArray.Of([q.Lengths[0], q.Lengths[1], q.Lengths[2], v.Lengths[3]], i =>
        {
            double[] scores =
            [
                .. Enumerable.Range(0, m).Select(j => bias(i[0], i[1], i[2], j)
                    + ((scale ?? (1 / Math.Sqrt(d))) * Enumerable.Range(0, d).Sum(c => q.At(i[0], i[1], i[2], c) * k.At(i[0], i[1], j, c)))),
            ];
            double largest = scores.Append(-Inf).Max();
            double[] weights = [.. scores.Select(s => s == -Inf ? 0 : Math.Exp(s - largest))];
            return largest == -Inf ? 0 : Enumerable.Range(0, m).Sum(j => weights[j] * v.At(i[0], i[1], j, i[3])) / weights.Sum();
        });
    }
}

using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>The table of all operations on tensors.</summary>
public static partial class OpCases
{
    private const double Nan = double.NaN, Inf = double.PositiveInfinity;

    private static readonly int[][][] EveryLength = [.. Enumerable.Range(0, 65).Select(n => new int[][] { [n] }), [[]], [[2, 3, 4]], [[2, 0, 4]]];

    private static readonly int[][][] AroundVectors = [.. new[] { 0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33 }.Select(n => new int[][] { [n] }), [[]], [[2, 3]]];

    private static readonly int[][][] Broadcasts =
    [
        [[3, 4], [3, 4]], [[3, 4], [4]], [[4], [3, 4]], [[3, 1], [1, 4]], [[], [2, 3]], [[2, 3], []], [[2, 1, 3], [4, 1]], [[0, 3], [3]],
        [[0], [1]], [[1], [1]], [[], []], [[5, 1], [5, 1]], [[2, 3, 4], [3, 1]], [[2, 3, 4], [2, 1, 4]], [[2, 3, 4], [1, 3, 1]], [[1, 5], [1]],
    ];

    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Elementwise, .. Binary, .. Reductions, .. Layouts, .. Indexed, .. Matrices, .. Combinations, .. Transforms, .. Segmented,
        .. LinearAlgebra, .. Decompositions, .. Fourier,
        .. Convolved, .. Pools, .. Einsums, .. Tables, .. Attentions,
    ];

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    public static OpCase Named(string name) => All.Single(c => c.Name == name);

    /// <summary>Distinct values in random order, none near 0 or near one of another operand: no kink is closer than a difference step.</summary>
    public static Tensor[] Points(OpCase row, int[][] shapes) =>
    [
        .. shapes.Select((lengths, operand) =>
        {
            var shape = new Shape(lengths);
            (double low, double high) = row.Ranges[Math.Min(operand, row.Ranges.Length - 1)];
            double[] values = [.. Enumerable.Range(0, shape.Count).Select(i => low + ((high - low) * (i + 0.37 + (0.24 * operand)) / shape.Count))];
            Rng rng = new Rng(11).Split(row.Name).Split(operand);
            double[] keys = [.. values.Select(_ => rng.NextDouble())];
            Array.Sort(keys, values);
            return Tensor.From(values, shape);
        }),
    ];

    private static OpCase Unary(string name, Func<Tensor, Tensor> run, Func<double, double> reference, double low, double high, double[] atSpecial, double tolerance = 4e-15) =>
        new(name, x => run(x[0]), x => NaiveArray.Broadcast(v => reference(v[0]), x[0]), EveryLength)
        {
            GradientShapes = AroundVectors,
            Ranges = [(low, high)],
            AtSpecial = atSpecial,
            Tolerance = tolerance,
        };

    private static OpCase Pair(string name, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> reference, double low = -2, double high = 2) =>
        new(name, x => run(x[0], x[1]), x => NaiveArray.Broadcast(v => reference(v[0], v[1]), x), [.. Broadcasts, .. EveryLength.Select(s => new[] { s[0], s[0] })])
        {
            GradientShapes = [.. Broadcasts, .. AroundVectors.Select(s => new[] { s[0], s[0] })],
            Ranges = [(low, high)],
            ChecksSpecialPairs = true,
            Misfit = [[3, 4], [3]],
        };

    private static OpCase Row(string name, Func<Tensor[], Tensor> run, Func<NaiveArray[], NaiveArray> reference, params int[][][] shapes) =>
        new(name, run, reference, shapes) { GradientShapes = shapes };
}

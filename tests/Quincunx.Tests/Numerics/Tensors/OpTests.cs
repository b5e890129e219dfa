using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

/// <summary>Every operation of the table, in every respect the table speaks of.</summary>
public sealed class OpTests
{
    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0];

    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Run_EveryShape_MatchesNaiveReference(string name)
    {
        OpCase row = OpCases.Named(name);
        foreach (int[][] shapes in row.Shapes)
        {
            Tensor[] points = OpCases.Points(row, shapes);
            Tensor actual = row.Run(points);
            NaiveArray expected = row.Reference([.. points.Select(NaiveArray.From)]);

            Assert.Equal(expected.Lengths, actual.Shape.Lengths.ToArray());
            AssertClose(expected.Values, actual.ToArray(), row.Tolerance, $"{name} {Describe(shapes)}");
        }
    }

    // One rounding to float32 of inputs, and a handful of roundings after that, of values up to a few times larger than the result.
    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Run_InFloat32_AgreesWithFloat64(string name)
    {
        OpCase row = OpCases.Named(name);
        foreach (int[][] shapes in row.Shapes)
        {
            Tensor[] single = [.. OpCases.Points(row, shapes).Select(p => p.To(DType.Float32))];
            Tensor expected = row.Run([.. single.Select(p => p.To(DType.Float64))]);

            AssertClose(expected.ToArray(), row.Run(single).ToArray(), 4e-6, $"{name} {Describe(shapes)}");
        }
    }

    // Central differences with step h = 1e-5 are off by about h² |f‴| + 1e-16 |f| / h, both near 1e-10 here.
    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Gradient_FirstAndSecondOrder_MatchCentralDifferences(string name)
    {
        OpCase row = OpCases.Named(name);
        foreach (int[][] shapes in row.GradientShapes)
        {
            using var scope = new TensorScope();
            GradientCheck.Outcome outcome = GradientCheck.Run(row.Run, OpCases.Points(row, shapes), new Rng(5));

            Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-7, $"{name} {Describe(shapes)}: {outcome}");
        }
    }

    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Run_OnNanInfinityAndZeros_GivesWhatTheTableStates(string name)
    {
        OpCase row = OpCases.Named(name);
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        {
            if (row.AtSpecial is double[] expected)
            {
                // Alone, and at the end of a row that fills vectors: both paths of a kernel.
                Tensor one = Tensor.From(Special, new Shape(5), dtype);
                Tensor many = Tensor.From([.. Enumerable.Range(0, 45).Select(i => Special[i % 5])], new Shape(45), dtype);
                AssertSame([.. Enumerable.Range(0, 45).Select(i => expected[i % 5])], row.Run([many]).ToArray(), dtype, name);
                AssertSame(expected, row.Run([one]).ToArray(), dtype, name);
            }

            if (row.ChecksSpecialPairs)
            {
                double[] values = [.. Special, 1, -2, 0.5];
                var pairs = (from a in values from b in values select (A: a, B: b)).ToArray();
                Tensor left = Tensor.From([.. pairs.Select(p => p.A)], new Shape(pairs.Length), dtype);
                Tensor right = Tensor.From([.. pairs.Select(p => p.B)], new Shape(pairs.Length), dtype);
                NaiveArray reference = row.Reference([NaiveArray.From(left), NaiveArray.From(right)]);
                AssertSame(reference.Values, row.Run([left, right]).ToArray(), dtype, name);
            }
        }
    }

    [Theory, MemberData(nameof(OpCases.Names), MemberType = typeof(OpCases))]
    public void Run_OnMisfitShapes_ThrowsAndShowsThem(string name)
    {
        OpCase row = OpCases.Named(name);
        if (row.Misfit is not int[][] shapes)
        {
            return;
        }

        ShapeException error = Assert.Throws<ShapeException>(() => row.Run(OpCases.Points(row, shapes)));
        Assert.All(shapes.Take(2), shape => Assert.Contains($"[{string.Join(", ", shape)}]", error.Message, StringComparison.Ordinal));
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = expected[i].Equals(actual[i]) ? 0 : Math.Abs(expected[i] - actual[i]) / (1 + Math.Abs(expected[i]));
            Assert.True(error <= tolerance, $"{what}, element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }

    private static void AssertSame(double[] expected, double[] actual, DType dtype, string what)
    {
        double tolerance = dtype == DType.Float32 ? 4e-7 : 4e-16;
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsNaN(expected[i]) ? double.IsNaN(actual[i])
                : expected[i] == 0 ? actual[i] == 0 && double.IsNegative(expected[i]) == double.IsNegative(actual[i])
                : expected[i] == actual[i] || Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Abs(expected[i]);
            Assert.True(same, $"{what} in {dtype}, element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }

    private static string Describe(int[][] shapes) => string.Join(" ", shapes.Select(s => $"[{string.Join(", ", s)}]"));
}

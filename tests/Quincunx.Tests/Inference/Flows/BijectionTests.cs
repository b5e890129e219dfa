using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Flows;

public sealed class BijectionTests
{
    private const int Rows = 7;

    [Theory, MemberData(nameof(BijectionCases.All), MemberType = typeof(BijectionCases))]
    public void Inverse_AfterForward_ReturnsTheInputAndTheOppositeLogDet(string name)
    {
        (RowMap map, Tensor x, Tensor context) = Case(name);
        Transformed there = map.Forward(x, context), back = map.Inverse(there.Value, context);

        AssertClose(x.ToArray(), back.Value.ToArray(), 1e-10);
        AssertClose(there.LogDet.ToArray(), (-back.LogDet).ToArray(), 1e-9);
    }

    [Theory, MemberData(nameof(BijectionCases.All), MemberType = typeof(BijectionCases))]
    public void Forward_LogDet_MatchesNumericJacobian(string name)
    {
        (RowMap map, Tensor x, Tensor context) = Case(name);
        double[] logDet = map.Forward(x, context).LogDet.ToArray(), values = x.ToArray();
        int d = map.Dimension;
        for (int row = 0; row < Rows; row++)
        {
            Tensor own = context.Slice(0, row, 1);
            var jacobian = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(d, d);
            for (int j = 0; j < d; j++)
            {
                double[] up = At(j, 1e-5), down = At(j, -1e-5);
                for (int i = 0; i < d; i++)
                {
                    jacobian[i, j] = (up[i] - down[i]) / 2e-5;
                }
            }

            Assert.Equal(Math.Log(Math.Abs(jacobian.Determinant())), logDet[row], 1e-7);

            double[] At(int j, double step)
            {
                double[] point = values[(row * d)..((row + 1) * d)];
                point[j] += step;
                return map.Forward(Tensor.From(point, new Shape(1, d)), own).Value.ToArray();
            }
        }
    }

    [Theory, MemberData(nameof(BijectionCases.All), MemberType = typeof(BijectionCases))]
    public void Forward_OneContextRow_ServesAllRows(string name)
    {
        (RowMap map, Tensor x, Tensor context) = Case(name);
        Tensor one = context.Slice(0, 0, 1), repeated = one.BroadcastTo(new Shape(Rows, BijectionCases.Context));
        Transformed single = map.Forward(x, one), many = map.Forward(x, repeated);
        AssertClose(many.Value.ToArray(), single.Value.ToArray(), 1e-13);
        AssertClose(many.LogDet.ToArray(), single.LogDet.ToArray(), 1e-13);
        AssertClose(map.Inverse(x, repeated).Value.ToArray(), map.Inverse(x, one).Value.ToArray(), 1e-12);
    }

    [Theory, MemberData(nameof(BijectionCases.All), MemberType = typeof(BijectionCases))]
    public void Forward_Gradients_MatchCentralDifferencesInEveryParameter(string name)
    {
        (RowMap map, Tensor x, Tensor context) = Case(name);
        IReadOnlyList<Parameter> parameters = ParameterTree.Of(map).Trained;
        Tensor weights = Tensor.Uniform(-1, 1, new Rng(5), x.Shape, DType.Float64);

        Tensor Loss()
        {
            Transformed y = map.Forward(x, context);
            return (y.Value * weights).Sum() + (y.LogDet * y.LogDet).Sum();
        }

        if (parameters.Count == 0)
        {
            Assert.False(Loss().IsTracked);
            return;
        }

        Tensor[] gradients = Gradient.Of(Loss(), [.. parameters.Select(p => p.Value)]);
        for (int p = 0; p < parameters.Count; p++)
        {
            double[] start = parameters[p].Value.ToArray(), gradient = gradients[p].ToArray();
            for (int i = 0; i < start.Length; i++)
            {
                if (start[i] == 0)
                {
                    Assert.Equal(0, gradient[i]);       // removed by a mask
                    continue;
                }

                double numeric = (At(start[i] + 1e-5) - At(start[i] - 1e-5)) / 2e-5;
                Assert.Equal(numeric, gradient[i], 1e-6 * (1 + Math.Abs(numeric)));

                double At(double value)
                {
                    double[] moved = [.. start];
                    moved[i] = value;
                    parameters[p].Assign(moved);
                    double loss = Loss().ToScalar();
                    parameters[p].Assign(start);
                    return loss;
                }
            }
        }
    }

    [Theory, MemberData(nameof(BijectionCases.All), MemberType = typeof(BijectionCases))]
    public void Import_OfExportedState_GivesTheSameMap(string name)
    {
        (RowMap map, Tensor x, Tensor context) = Case(name);
        var other = new RowMap(BijectionCases.Create(name, new Rng(999)));
        ModuleState.Import(other, ModuleState.Export(map));
        Assert.Equal(map.Forward(x, context).Value.ToArray(), other.Forward(x, context).Value.ToArray());
        Assert.Equal(map.Forward(x, context).LogDet.ToArray(), other.Forward(x, context).LogDet.ToArray());
    }

    [Theory]
    [InlineData("affine-autoregressive")]
    [InlineData("spline-autoregressive")]
    public void Forward_OfAutoregressiveMap_IsTriangularAndUsesContextEverywhere(string name)
    {
        (RowMap map, Tensor x, Tensor context) = Case(name);
        double[] y = map.Forward(x, context).Value.ToArray();
        int d = map.Dimension;
        for (int j = 0; j < d; j++)
        {
            double[] moved = x.ToArray();
            moved[j] += 0.1;
            double[] changed = map.Forward(Tensor.From(moved, x.Shape), context).Value.ToArray();
            for (int i = 0; i < d; i++)
            {
                if (i < j)
                {
                    Assert.Equal(y[i], changed[i]);
                }
                else
                {
                    Assert.NotEqual(y[i], changed[i]);
                }
            }
        }

        double[] elsewhere = map.Forward(x, context + 0.5).Value.ToArray();
        Assert.All(Enumerable.Range(0, d), i => Assert.NotEqual(y[i], elsewhere[i]));
    }

    [Fact]
    public void RationalQuadraticSpline_FusedAndComposed_AgreeToThirdDerivative()
    {
        var rng = new Rng(11);
        const int Bins = 5;
        Tensor x = Tensor.Uniform(-4, 4, rng.Split("x"), new Shape(2, 9), DType.Float64);
        Tensor raw = Tensor.Uniform(-2, 2, rng.Split("raw"), new Shape(2 * ((3 * Bins) - 1), 9), DType.Float64);
        AssertClose(
            Tensor.ComposedSpline(x, raw, Bins, 3).ToArray(), Tensor.RationalQuadraticSpline(x, raw, Bins, 3).ToArray(), 1e-12);

        GradientCheck.Outcome outcome = GradientCheck.Run(t => Tensor.RationalQuadraticSpline(t[0], t[1], Bins, 3), [x, raw], rng);
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");
    }

    [Fact]
    public void RationalQuadraticSpline_RawThatDependsOnX_HasTheFullSecondDerivative()
    {
        var rng = new Rng(12);
        const int Bins = 4;
        Tensor x = Tensor.Uniform(-2, 2, rng.Split("x"), new Shape(1, 5), DType.Float64);
        Tensor w = Tensor.Uniform(-1, 1, rng.Split("w"), new Shape((3 * Bins) - 1, 1), DType.Float64);
        GradientCheck.Outcome outcome = GradientCheck.Run(
            t => Tensor.RationalQuadraticSpline(t[0], Tensor.Tanh(Tensor.MatMul(t[1], t[0])), Bins, 3), [x, w], rng);
        Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");
    }

    [Fact]
    public void RationalQuadraticSpline_ZerosNaNAndTails_AreIdentityNaNAndIdentity()
    {
        double[] points = [-7, -3, -1.5, 0, 2.9, 3, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        Tensor x = Tensor.From(points, new Shape(1, points.Length)), raw = Tensor.Zeros(new Shape(11, points.Length), DType.Float64);
        double[] y = Tensor.RationalQuadraticSpline(x, raw, bins: 4, bound: 3).ToArray();
        for (int i = 0; i < points.Length; i++)
        {
            Assert.Equal(points[i], y[i], 1e-12);
            Assert.Equal(double.IsNaN(points[i]) ? double.NaN : 0, y[points.Length + i], 1e-12);
        }
    }

    private static (RowMap Map, Tensor X, Tensor Context) Case(string name)
    {
        var rng = new Rng(42);
        var map = new RowMap(BijectionCases.Create(name, rng));
        return (map, Tensor.Uniform(-2.5, 2.5, rng.Split("x"), new Shape(Rows, map.Dimension), DType.Float64),
            Tensor.Uniform(-1, 1, rng.Split("context"), new Shape(Rows, BijectionCases.Context), DType.Float64));
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}

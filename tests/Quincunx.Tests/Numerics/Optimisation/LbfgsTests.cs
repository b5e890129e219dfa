using Quincunx.Numerics.Optimisation;

namespace Quincunx.Tests.Numerics.Optimisation;

public sealed class LbfgsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(100)]
    public void Minimise_Rosenbrock_FindsTheValley(int dimension)
    {
        double[] start = [.. Enumerable.Range(0, dimension).Select(i => i % 2 == 0 ? -1.2 : 1)];

        LbfgsResult result = new Lbfgs().Minimise(Rosenbrock, start);

        Assert.Equal(LbfgsStop.Converged, result.StopReason);
        Assert.All(result.X, x => Assert.Equal(1, x, 1e-7));
        Assert.True(result.GradientNorm <= 1e-8);
        Assert.True(result.Evaluations < 2 * result.Iterations + 20, $"{result.Evaluations} evaluations in {result.Iterations} iterations");
        Assert.Equal(-1.2, start[0]);
    }

    [Fact]
    public void Minimise_IllConditionedQuadratic_IsExact()
    {
        double[] scales = [1, 10, 100, 1e4, 1e6], centre = [3, -2, 1, 0.5, 7];
        int calls = 0;
        (double, double[]) Bowl(double[] x)
        {
            calls++;
            double[] gradient = [.. x.Select((v, i) => scales[i] * (v - centre[i]))];
            return (0.5 * x.Select((v, i) => scales[i] * (v - centre[i]) * (v - centre[i])).Sum(), gradient);
        }

        LbfgsResult result = new Lbfgs(new LbfgsOptions { GradientTolerance = 1e-6 }).Minimise(Bowl, new double[5]);

        Assert.Equal(LbfgsStop.Converged, result.StopReason);
        Assert.Equal(centre, result.X, (a, b) => Math.Abs(a - b) < 1.01e-6);
        Assert.Equal(calls, result.Evaluations);
    }

    [Fact]
    public void Minimise_StartedAtTheMinimum_TakesNoStep()
    {
        LbfgsResult result = new Lbfgs().Minimise(Rosenbrock, [1, 1]);

        Assert.Equal((LbfgsStop.Converged, 0, 1), (result.StopReason, result.Iterations, result.Evaluations));
    }

    [Fact]
    public void Minimise_FunctionWithADomain_StaysInside()
    {
        // x - log x has its minimum at 1 and is NaN below 0, where a long first step ends.
        LbfgsResult result = new Lbfgs().Minimise(x => (x[0] - Math.Log(x[0]), [1 - (1 / x[0])]), [30]);

        Assert.Equal((LbfgsStop.Converged, 1.0), (result.StopReason, Math.Round(result.X[0], 7)));
    }

    [Fact]
    public void Minimise_EachWayOfEnding_IsReported()
    {
        LbfgsResult Of(Func<double[], (double, double[])> f, LbfgsOptions? options = null) => new Lbfgs(options).Minimise(f, [-1.2, 1]);

        Assert.Equal(LbfgsStop.NotFinite, Of(_ => (double.NaN, [0, 0])).StopReason);
        Assert.Equal(LbfgsStop.NotFinite, Of(_ => (1, [double.NaN, 0])).StopReason);
        Assert.Equal(LbfgsStop.MaxIterations, Of(Rosenbrock, new LbfgsOptions { MaxIterations = 3 }).StopReason);
        Assert.Equal(LbfgsStop.MaxEvaluations, Of(Rosenbrock, new LbfgsOptions { MaxEvaluations = 4 }).StopReason);
        Assert.Equal(4, Of(Rosenbrock, new LbfgsOptions { MaxEvaluations = 4 }).Evaluations);
        Assert.Equal(LbfgsStop.Stalled, Of(x => (-x[0], [-1, 0])).StopReason);
        Assert.Equal(LbfgsStop.Stalled, Of(x => (x[0] * x[0], [-2 * x[0], 0])).StopReason);
    }

    [Fact]
    public void Minimise_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => new Lbfgs().Minimise(Rosenbrock, [0, 0], source.Token));
    }

    public static TheoryData<string, double, double, double> Lines
    {
        get
        {
            var data = new TheoryData<string, double, double, double>();
            foreach (string name in new[] { "bowl", "kink", "tail", "log", "far" })
            {
                foreach (double first in new[] { 1e-3, 0.1, 1, 10, 1e3 })
                {
                    data.Add(name, first, 1e-4, 0.9);
                    data.Add(name, first, 0.1, 0.1001);
                    data.Add(name, first, 1e-3, 0.01);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Lines))]
    public void Search_OnManyLines_FulfilsBothWolfeConditions(string name, double first, double decrease, double curvature)
    {
        Func<double, (double, double)> line = Line(name);
        WolfeLineSearch.Point last = default;
        var search = new WolfeLineSearch(a => last = At(a), decrease, curvature, maxEvaluations: 80);
        WolfeLineSearch.Point start = At(0);

        WolfeLineSearch.Point found = Assert.NotNull(search.Search(start, first));

        Assert.Equal(last, found);
        Assert.Equal(At(found.Step), found);
        Assert.True(found.Step > 0);
        Assert.True(found.Value <= start.Value + (decrease * found.Step * start.Slope));
        Assert.True(Math.Abs(found.Slope) <= curvature * Math.Abs(start.Slope));

        WolfeLineSearch.Point At(double a)
        {
            (double value, double slope) = line(a);
            return new WolfeLineSearch.Point(a, value, slope);
        }
    }

    private static Func<double, (double Value, double Slope)> Line(string name) => name switch
    {
        "bowl" => a => ((a - 2) * (a - 2), 2 * (a - 2)),
        "kink" => a => (Math.Sqrt(1e-4 + ((a - 1) * (a - 1))), (a - 1) / Math.Sqrt(1e-4 + ((a - 1) * (a - 1)))),
        // Moré and Thuente 1994, ACM TOMS 20, 286, equation 5.1.
        "tail" => a => (-a / ((a * a) + 2), ((a * a) - 2) / (((a * a) + 2) * ((a * a) + 2))),
        "log" => a => (a - (5 * Math.Log(1 + a)) + (a > 50 ? double.NaN : 0), 1 - (5 / (1 + a))),
        _ => a => (Math.Pow(a - 100, 4), 4 * Math.Pow(a - 100, 3)),
    };

    private static (double Value, double[] Gradient) Rosenbrock(double[] x)
    {
        double value = 0;
        double[] gradient = new double[x.Length];
        for (int i = 0; i + 1 < x.Length; i++)
        {
            double a = 1 - x[i], b = x[i + 1] - (x[i] * x[i]);
            value += (a * a) + (100 * b * b);
            gradient[i] += (-2 * a) - (400 * x[i] * b);
            gradient[i + 1] += 200 * b;
        }

        return (value, gradient);
    }
}

using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Tests.Runs.Reports;

public sealed class DensityGridTests
{
    [Theory]
    [InlineData(0.68, 0.0)]
    [InlineData(0.95, 0.0)]
    [InlineData(0.68, 0.95)]
    [InlineData(0.95, -0.9)]
    public void Loops_OnAGaussian_EncloseTheMassTheyClaim(double mass, double correlation)
    {
        const int Draws = 4_000;
        (double[] x, double[] y) = Gaussian(Draws, correlation, "fit");
        (double[] newX, double[] newY) = Gaussian(Draws, correlation, "fresh");
        var density = DensityGrid.Estimate(x, y, [.. Enumerable.Repeat(1.0, Draws)], nodes: 120);
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> loops = density.Loops(density.Level(mass));

        // The fitted draws are cut at their own level: only the polygon's straight edges differ from the bilinear surface.
        Assert.Equal(mass, Inside(loops, x, y), 0.01);

        // Fresh draws: 4 standard errors of the binomial share, and 0.02 for the region being fitted to other draws.
        Assert.Equal(mass, Inside(loops, newX, newY), (4 * Math.Sqrt(mass * (1 - mass) / Draws)) + 0.02);
    }

    [Fact]
    public void Loops_OnAGaussian_FollowTheExactEllipse()
    {
        // The 68 % region of a round Gaussian is the disc of radius σ √(−2 ln 0.32) = 1.51 σ; σ is 1/10 of the square.
        (double[] x, double[] y) = Gaussian(40_000, 0, "disc");
        var density = DensityGrid.Estimate(x, y, [.. Enumerable.Repeat(1.0, x.Length)], nodes: 120);
        IReadOnlyList<(double X, double Y)> loop = Assert.Single(density.Loops(density.Level(0.68)));
        double[] radii = [.. loop.Select(p => Math.Sqrt(((p.X - 0.5) * (p.X - 0.5)) + ((p.Y - 0.5) * (p.Y - 0.5))) / 0.1)];

        // A density known to about 3 % at 40,000 draws moves the border by δ ln f / (r/σ²), some 0.02 to 0.1 σ.
        Assert.Equal(Math.Sqrt(-2 * Math.Log(0.32)), radii.Average(), 0.04);
        Assert.All(radii, r => Assert.InRange(r, 1.35, 1.67));
    }

    [Fact]
    public void Estimate_TwoThinRings_KeepsTheirHoles()
    {
        // Each ring needs an outer and an inner border, which a kernel as wide as the whole sample would fill in.
        double[] angle = [.. Enumerable.Range(0, 6_000).Select(i => i * 2.399963)], jitter = FigureCases.Normal(6_000, "ring");
        double[] x = [.. angle.Select((a, i) => (i % 2 == 0 ? 0.25 : 0.75) + ((0.15 + (0.005 * jitter[i])) * Math.Cos(a)))];
        double[] y = [.. angle.Select((a, i) => 0.5 + ((0.15 + (0.005 * jitter[i])) * Math.Sin(a)))];
        var density = DensityGrid.Estimate(x, y, [.. Enumerable.Repeat(1.0, x.Length)], nodes: 120);
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> loops = density.Loops(density.Level(0.95));

        Assert.Equal(0, Inside(loops, [0.25, 0.75], [0.5, 0.5]));
        Assert.Equal(0.95, Inside(loops, x, y), 0.015);
    }

    [Fact]
    public void Level_WithWeights_CountsThem()
    {
        // Ten equal clusters, the first as heavy as the others together: half of the mass lies in it alone.
        double[] noise = FigureCases.Normal(2_000, "clusters");
        double[] x = [.. Enumerable.Range(0, 1_000).Select(i => 0.05 + (0.1 * (i % 10)) + (0.005 * noise[i]))];
        double[] y = [.. Enumerable.Range(0, 1_000).Select(i => 0.5 + (0.02 * noise[1_000 + i]))], weights = [.. Enumerable.Range(0, 1_000).Select(i => i % 10 == 0 ? 9.0 : 1.0)];
        var density = DensityGrid.Estimate(x, y, weights, nodes: 120);
        Assert.All(density.Loops(density.Level(0.4)).SelectMany(l => l), p => Assert.True(p.X < 0.1));
    }

    [Fact]
    public void Trace_OfACone_IsACircleOfTheRightSizeAndDirection()
    {
        const int Nodes = 81;
        double[] values = [.. Enumerable.Range(0, Nodes * Nodes).Select(i => -Math.Sqrt(Square(((i % Nodes) / 80.0) - 0.5) + Square((i / Nodes / 80.0) - 0.5)))];
        IReadOnlyList<(double X, double Y)> loop = Assert.Single(ContourTracer.Trace(values, Nodes, level: -0.3));

        Assert.Equal(loop[0], loop[^1]);
        Assert.All(loop, p => Assert.Equal(0.3, Math.Sqrt(Square(p.X - 0.5) + Square(p.Y - 0.5)), 1e-3));

        // The shoelace area is positive when the curve runs with its inside on the left.
        double area = Enumerable.Range(1, loop.Count - 1).Sum(i => ((loop[i - 1].X * loop[i].Y) - (loop[i].X * loop[i - 1].Y)) / 2);
        Assert.Equal(Math.PI * 0.09, area, 1e-3);
    }

    [Fact]
    public void Trace_OfACheckerboard_ClosesEveryCurve()
    {
        double[] values = [.. Enumerable.Range(0, 49).Select(i => i % 2 == 0 ? 1.0 : 0.0)];
        foreach (double level in new[] { 0.3, 0.5, 0.7 })
        {
            Assert.All(ContourTracer.Trace(values, 7, level), l => Assert.Equal(l[0], l[^1]));
        }

        Assert.Equal(25, ContourTracer.Trace(values, 7, 0.7).Count);      // 25 peaks apart: a saddle's mean is 0.5, below the level
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Simplify_KeepsEndsAndStaysClose(double bend)
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, 200).Select(i => ((double)i, bend * 30 * Math.Sin(i / 20.0)))];
        IReadOnlyList<(double X, double Y)> few = PathSimplifier.Simplify(points, 0.1);

        Assert.Equal((points[0], points[^1]), (few[0], few[^1]));
        Assert.InRange(few.Count, 2, bend == 0 ? 2 : 100);
        foreach ((double x, double y) in points)
        {
            int next = Math.Max(1, few.TakeWhile(p => p.X < x).Count());
            (double X, double Y) a = few[next - 1], b = few[next];
            Assert.Equal(a.Y + ((b.Y - a.Y) * (x - a.X) / (b.X - a.X)), y, 0.2);      // vertical distance, at slopes up to 1.5
        }
    }

    private static double Square(double v) => v * v;

    private static (double[] X, double[] Y) Gaussian(int count, double correlation, string label)
    {
        double[] z = FigureCases.Normal(2 * count, label);
        return (
            [.. Enumerable.Range(0, count).Select(i => 0.5 + (0.1 * z[2 * i]))],
            [.. Enumerable.Range(0, count).Select(i => 0.5 + (0.1 * ((correlation * z[2 * i]) + (Math.Sqrt(1 - (correlation * correlation)) * z[(2 * i) + 1]))))]);
    }

    // Even-odd rule: a ray to the right crosses the curves an odd number of times.
    private static double Inside(IReadOnlyList<IReadOnlyList<(double X, double Y)>> loops, double[] x, double[] y)
    {
        int inside = 0;
        for (int i = 0; i < x.Length; i++)
        {
            bool isInside = false;
            foreach (IReadOnlyList<(double X, double Y)> loop in loops)
            {
                for (int k = 1; k < loop.Count; k++)
                {
                    (double X, double Y) a = loop[k - 1], b = loop[k];
                    isInside ^= (a.Y > y[i]) != (b.Y > y[i]) && x[i] < a.X + ((b.X - a.X) * (y[i] - a.Y) / (b.Y - a.Y));
                }
            }

            inside += isInside ? 1 : 0;
        }

        return inside / (double)x.Length;
    }
}

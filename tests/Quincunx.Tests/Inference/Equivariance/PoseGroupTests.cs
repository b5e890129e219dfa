using MathNet.Numerics.LinearAlgebra;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Equivariance;

public sealed class PoseGroupTests
{
    // The scale is parameter 2, and positive.
    private static readonly Dictionary<string, IPoseGroup> Groups = new(StringComparer.Ordinal)
    {
        ["signal"] = new SignalTranslation(dimension: 3, timeParameter: 1, samples: 12, step: 0.5),
        ["vector"] = new VectorTranslation(3, [2, 0], [1, 0, 0.5, -1, 2, 0.25, 0, 3]),
        ["scale"] = new Scaling(3, scale: 2, features: 5),
        ["location-scale"] = new LocationScale(3, location: 0, scale: 2, features: 5),
    };

    public static TheoryData<string> Names => [.. Groups.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Elements_ObeyTheLawsOfAGroupThatActs(string name)
    {
        IPoseGroup group = Groups[name];
        for (int i = 0; i < 20; i++)
        {
            var rng = new Rng(5).Split(i);
            double[] g = Element(group, rng), h = Element(group, rng), theta = [rng.NextNormal(), rng.NextNormal(), Math.Exp(rng.NextNormal())], x = new double[group.Features];
            rng.FillNormal(x);
            double[] gh = Compose(group, g, h), inverse = new double[g.Length];
            group.Invert(g, inverse);

            AssertEqual(new double[g.Length], Compose(group, g, inverse));
            AssertEqual(new double[g.Length], Compose(group, inverse, g));
            AssertEqual(PoseOf(group, Theta(group, g, theta)), Compose(group, g, PoseOf(group, theta)));
            AssertEqual(Theta(group, gh, theta), Theta(group, g, Theta(group, h, theta)));
            AssertEqual(X(group, gh, x), X(group, g, X(group, h, x)));
            AssertEqual(x, X(group, inverse, X(group, g, x)));
            AssertEqual(theta, Theta(group, new double[g.Length], theta));
            double[] nearest = new double[g.Length];
            group.Nearest(g, nearest);
            AssertEqual(g, nearest);        // of an element that acts, itself
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void LogDeterminants_MatchCentralDifferences(string name)
    {
        IPoseGroup group = Groups[name];
        var rng = new Rng(6);
        double[] g = Element(group, rng), h = Element(group, rng), theta = [0.3, -1, 1.7];
        Assert.Equal(LogDet(v => Compose(group, g, v), h), group.Compose(g, h, new double[g.Length]), 1e-7);
        Assert.Equal(LogDet(v => Theta(group, g, v), theta), group.MoveTheta(g, theta, new double[3]), 1e-7);
    }

    [Theory, MemberData(nameof(Names))]
    public void RelativeSupports_ContainWhatABlurredPoseSees(string name)
    {
        IPoseGroup group = Groups[name];
        Support[] prior = [new(-3, 1), new(-2, 5), new(0.5, 4)];
        IReadOnlyList<Support> kernel = [.. Enumerable.Repeat(new Support(-0.4, 0.7), group.PoseDimension)], relative = group.RelativeSupports(prior, kernel), poses = group.PoseSupports(prior);
        double[] least = [1e9, 1e9, 1e9], most = [-1e9, -1e9, -1e9];
        for (int i = 0; i < 2000; i++)
        {
            var rng = new Rng(7).Split(i);
            double[] theta = [.. prior.Select(s => rng.NextUniform(s.Lower, s.Upper))], blur = [.. kernel.Select(s => rng.NextUniform(s.Lower, s.Upper))], pose = PoseOf(group, theta);
            Assert.All(pose.Zip(poses), pair => Assert.True(pair.Second.Contains(pair.First)));
            double[] element = new double[pose.Length], inverse = new double[pose.Length];
            group.Nearest(Compose(group, pose, blur), element);
            group.Invert(element, inverse);
            double[] moved = Theta(group, inverse, theta);
            for (int k = 0; k < 3; k++)
            {
                Assert.InRange(moved[k], relative[k].Lower - 1e-9, relative[k].Upper + 1e-9);
                (least[k], most[k]) = (Math.Min(least[k], moved[k]), Math.Max(most[k], moved[k]));
            }
        }

        // And not much more: corners of two uniforms are reached by 2,000 draws to within a fifth.
        Assert.All(Enumerable.Range(0, 3), k => Assert.True(most[k] - least[k] > 0.8 * (relative[k].Upper - relative[k].Lower), $"{least[k]} to {most[k]} of {relative[k]}"));
    }

    [Fact]
    public void SupportsOfLocationScale_UnboundedKernel_AreUnbounded()
    {
        var group = new LocationScale(2, 0, 1, 3);
        Assert.Equal([Support.Real, Support.Positive], group.RelativeSupports([Support.Real, Support.Positive], [Support.Real, Support.Real]));
        Assert.Equal([Support.Real, Support.Real], group.PoseSupports([Support.Real, Support.Positive]));
        Assert.Throws<ArgumentException>(() => group.PoseSupports([Support.Real, Support.Real]));
    }

    [Fact]
    public void SupportsOfScaling_NegativeScales_Throw()
    {
        var group = new Scaling(2, 1, 3);
        Assert.Equal([Support.Real, Support.Positive], group.RelativeSupports([Support.Real, Support.Positive], [Support.Real]));
        Assert.Equal([Support.Real], group.PoseSupports([Support.Real, Support.Positive]));
        Assert.Throws<ArgumentException>(() => group.PoseSupports([Support.Real, Support.Real]));
    }

    [Fact]
    public void MoveX_OfASignal_MovesWholeSamples()
    {
        double[] x = [1, 2, 3, 4, 5], moved = new double[5];
        var periodic = new SignalTranslation(1, 0, 5, step: 0.1);
        var zero = new SignalTranslation(1, 0, 5, step: 0.1, SignalEnds.Zero);
        foreach ((double by, double[] around, double[] cut) in new (double, double[], double[])[]
        {
            (0.2, [4, 5, 1, 2, 3], [0, 0, 1, 2, 3]),
            (-0.1, [2, 3, 4, 5, 1], [2, 3, 4, 5, 0]),
            (0.7, [4, 5, 1, 2, 3], [0, 0, 0, 0, 0]),
            (-1.1, [2, 3, 4, 5, 1], [0, 0, 0, 0, 0]),
            (0, x, x),
        })
        {
            periodic.MoveX([by], x, moved);
            Assert.Equal(around, moved);
            zero.MoveX([by], x, moved);
            Assert.Equal(cut, moved);
        }
    }

    [Fact]
    public void Constructors_BadSettings_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalTranslation(2, 2, 5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalTranslation(2, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalTranslation(2, 0, 5, 0));
        Assert.Throws<ArgumentException>(() => new VectorTranslation(2, [0, 0], [1, 1]));
        Assert.Throws<ArgumentException>(() => new VectorTranslation(2, [2], [1]));
        Assert.Throws<ArgumentException>(() => new VectorTranslation(2, [0, 1], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new VectorTranslation(2, [0], [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Scaling(2, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Scaling(2, 1, 0));
        Assert.Throws<ArgumentException>(() => new LocationScale(2, 1, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LocationScale(2, 0, 1, 0));
    }

    // Of a signal: whole samples.
    private static double[] Element(IPoseGroup group, Rng rng)
    {
        double[] pose = [.. Enumerable.Range(0, group.PoseDimension).Select(_ => 2 * rng.NextNormal())], element = new double[pose.Length];
        group.Nearest(pose, element);
        return element;
    }

    private static double[] Compose(IPoseGroup group, double[] first, double[] second)
    {
        double[] product = new double[first.Length];
        group.Compose(first, second, product);
        return product;
    }

    private static double[] PoseOf(IPoseGroup group, double[] theta)
    {
        double[] pose = new double[group.PoseDimension];
        group.PoseOf(theta, pose);
        return pose;
    }

    private static double[] Theta(IPoseGroup group, double[] pose, double[] theta)
    {
        double[] moved = new double[theta.Length];
        group.MoveTheta(pose, theta, moved);
        return moved;
    }

    private static double[] X(IPoseGroup group, double[] pose, double[] x)
    {
        double[] moved = new double[x.Length];
        group.MoveX(pose, x, moved);
        return moved;
    }

    private static double LogDet(Func<double[], double[]> map, double[] at)
    {
        const double H = 1e-5;
        var jacobian = Matrix<double>.Build.Dense(at.Length, at.Length);
        for (int j = 0; j < at.Length; j++)
        {
            double[] up = [.. at], down = [.. at];
            (up[j], down[j]) = (at[j] + H, at[j] - H);
            double[] above = map(up), below = map(down);
            for (int i = 0; i < at.Length; i++)
            {
                jacobian[i, j] = (above[i] - below[i]) / (2 * H);
            }
        }

        return Math.Log(Math.Abs(jacobian.Determinant()));
    }

    private static void AssertEqual(double[] expected, double[] actual) => Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-9 * (1 + Math.Abs(a)));
}

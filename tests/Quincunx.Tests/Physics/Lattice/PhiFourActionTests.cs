using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Physics.Lattice;

namespace Quincunx.Tests.Physics.Lattice;

public sealed class PhiFourActionTests
{
    private static readonly PhiFourAction Action = new(Size: 6, MassSquared: -4, Coupling: 8);

    [Fact]
    public void Of_TensorAndSpan_AreTheFormula()
    {
        double[] fields = Fields(3);
        double[] found = Action.Of(Tensor.From(fields, new Shape(3, 1, 6, 6))).ToArray();
        for (int i = 0; i < 3; i++)
        {
            double wanted = Naive(fields.AsSpan(i * 36, 36));
            Assert.Equal(wanted, found[i], 1e-10 * Math.Abs(wanted));
            Assert.Equal(wanted, Action.Of(fields.AsSpan(i * 36, 36)), 1e-10 * Math.Abs(wanted));
        }
    }

    [Fact]
    public void Of_HasTheSymmetriesOfTheTheory()
    {
        var phi = Tensor.From(Fields(2), new Shape(2, 1, 6, 6));
        double[] s = Action.Of(phi).ToArray();
        Tensor Rolled(int axis, int by) => Tensor.Concat([phi.Slice(axis, by), phi.Slice(axis, 0, by)], axis);
        Tensor[] same = [-phi, Rolled(2, 1), Rolled(3, 1), Rolled(2, 4), phi.Flip(2), phi.Flip(3), phi.Transpose(0, 1, 3, 2)];
        Assert.All(same, other => Assert.All(Action.Of(other).ToArray().Zip(s), pair => Assert.Equal(pair.Second, pair.First, 1e-10 * Math.Abs(pair.Second))));
    }

    [Fact]
    public void Of_Gradient_MatchesCentralDifferences()
    {
        Tensor phi = Tensor.From(Fields(1), new Shape(1, 1, 6, 6));
        GradientCheck.Outcome outcome = GradientCheck.Run(x => Action.Of(x[0]).Sum(), [phi], new Rng(4));
        Assert.InRange(outcome.First, 0, 1e-6);
        Assert.InRange(outcome.Second, 0, 1e-5);
    }

    [Fact]
    public void Change_OfEverySite_IsTheDifference()
    {
        double[] phi = Fields(1);
        double before = Action.Of(phi);
        for (int site = 0; site < 36; site++)
        {
            double[] other = [.. phi];
            other[site] = 0.7;
            Assert.Equal(Action.Of(other) - before, Action.Change(phi, site / 6, site % 6, 0.7), 1e-9);
        }
    }

    [Fact]
    public void Constructor_OfImproperTheories_IsRefusedByTheExperiment()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatticeFlowExperiment(new LatticeFlowOptions { Action = new PhiFourAction(4, -1, 0) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatticeFlowExperiment(new LatticeFlowOptions { Action = new PhiFourAction(4, 1, -1) }));
        Assert.Throws<ArgumentException>(() => new LatticeFlowExperiment(new LatticeFlowOptions { Action = new PhiFourAction(5, 1, 1) }));
        Assert.Throws<ArgumentException>(() => Action.Of(new double[35]));
    }

    private static double[] Fields(int count)
    {
        double[] fields = new double[count * 36];
        new Rng(3).FillNormal(fields);
        return fields;
    }

    // As it is written, with both neighbours of each direction.
    private static double Naive(ReadOnlySpan<double> phi)
    {
        double sum = 0;
        for (int x = 0; x < 6; x++)
        {
            for (int y = 0; y < 6; y++)
            {
                double here = phi[(6 * x) + y];
                double right = phi[(6 * ((x + 1) % 6)) + y], left = phi[(6 * ((x + 5) % 6)) + y], up = phi[(6 * x) + ((y + 1) % 6)], down = phi[(6 * x) + ((y + 5) % 6)];
                sum += (2 * here * here) - (here * right) - (here * left) + (2 * here * here) - (here * up) - (here * down)
                    + (Action.MassSquared * here * here) + (Action.Coupling * here * here * here * here);
            }
        }

        return sum;
    }
}

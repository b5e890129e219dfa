using Quincunx.Inference.Networks;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class GaugeNetworkTests
{
    private const int Side = 6;

    public static TheoryData<LatticeSymmetry, FieldParity> Kinds
    {
        get
        {
            var data = new TheoryData<LatticeSymmetry, FieldParity>();
            foreach (LatticeSymmetry symmetry in Enum.GetValues<LatticeSymmetry>())
            {
                foreach (FieldParity charge in Enum.GetValues<FieldParity>())
                {
                    data.Add(symmetry, charge);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Forward_AfterAGaugeTransformationOrWholeTurns_IsTheSame(LatticeSymmetry symmetry, FieldParity charge)
    {
        GaugeNetwork network = Network(symmetry, charge);
        Tensor links = Links(1), y = network.Forward(links);
        for (int i = 0; i < 4; i++)
        {
            Tensor phases = Tensor.Uniform(-Math.PI, Math.PI, new Rng(2).Split(i), new Shape(2, 1, Side, Side), DType.Float64);
            Tensor turns = Tensor.From([.. Enumerable.Range(0, links.Count).Select(k => 2 * Math.PI * (((k * 7) + i) % 3))], links.Shape);
            Tensor moved = GaugeLinks.Transform(links, phases);
            Assert.True(Largest(moved - links) > 1);
            AssertClose(y, network.Forward(moved));
            AssertClose(y, network.Forward(links + turns));

            // And links that are moved along plaquettes by it change as links do.
            Tensor Smeared(Tensor u) => u + GaugeLinks.Boundary(network.Forward(u).Slice(1, 0, 1));
            AssertClose(GaugeLinks.Transform(Smeared(links), phases), Smeared(moved));
        }

        Assert.True(Largest(network.Forward(links * 1.1) - y) > 1e-3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Forward_OfShiftedLinks_IsShifted(LatticeSymmetry symmetry, FieldParity charge)
    {
        GaugeNetwork network = Network(symmetry, charge);
        Tensor links = Links(3), y = network.Forward(links);
        foreach (int[] by in new int[][] { [1, 0], [0, 1], [2, 5] })
        {
            AssertClose(LatticeMoves.Shift(y, by), network.Forward(LatticeMoves.Shift(links, by)));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Forward_OfConjugatedTurnedAndMirroredLinks_IsWhatTheOptionsSay(LatticeSymmetry symmetry, FieldParity charge)
    {
        GaugeNetwork network = Network(symmetry, charge);
        Tensor links = Links(4), y = network.Forward(links), conjugate = network.Forward(-links);
        Assert.Equal(charge == FieldParity.Even, Largest(y - conjugate) < 1e-10);
        Assert.Equal(charge == FieldParity.Odd, Largest(y + conjugate) < 1e-10);
        foreach (string move in LatticeMoves.PointGroup)
        {
            bool mirrors = LatticeMoves.Mirrors(move), respects = mirrors
                ? symmetry == LatticeSymmetry.Full && charge != FieldParity.None
                : symmetry != LatticeSymmetry.Translations;
            Tensor expected = LatticeMoves.Apply(move, y) * (mirrors && charge == FieldParity.Odd ? -1.0 : 1.0);
            Assert.Equal(respects, Largest(expected - network.Forward(LatticeMoves.ApplyToLinks(move, links))) < 1e-10);
        }
    }

    [Fact]
    public void Plaquettes_AreTheFourLinksRoundThemAndMirrorToTheirOpposites()
    {
        Tensor links = Links(5), plaquettes = GaugeLinks.Plaquettes(links);
        double[] theta = links.ToArray(), p = plaquettes.ToArray();
        double At(int b, int mu, int x, int y) => theta[(((((b * 2) + mu) * Side) + (x % Side)) * Side) + (y % Side)];
        for (int b = 0; b < 2; b++)
        {
            for (int x = 0; x < Side; x++)
            {
                for (int y = 0; y < Side; y++)
                {
                    Assert.Equal(At(b, 0, x, y) + At(b, 1, x + 1, y) - At(b, 0, x, y + 1) - At(b, 1, x, y), p[(((b * Side) + x) * Side) + y], 1e-13);
                }
            }
        }

        foreach (string move in LatticeMoves.PointGroup)
        {
            AssertClose(LatticeMoves.Apply(move, plaquettes) * (LatticeMoves.Mirrors(move) ? -1.0 : 1.0), GaugeLinks.Plaquettes(LatticeMoves.ApplyToLinks(move, links)));
        }

        // Their sum is 0: every link is in two, once each way round. And the boundary is the transpose.
        Assert.Equal(0, plaquettes.Sum().ToScalar(), 1e-12);
        Tensor s = Tensor.Uniform(-1, 1, new Rng(6), plaquettes.Shape, DType.Float64), leaf = links.Track();
        AssertClose(Gradient.Of((GaugeLinks.Plaquettes(leaf) * s).Sum(), leaf), GaugeLinks.Boundary(s));
    }

    [Fact]
    public void Forward_HasTheGradientsOfCentralDifferencesAndStoresItsWeights()
    {
        foreach (FieldParity charge in Enum.GetValues<FieldParity>())
        {
            GaugeNetwork network = Network(LatticeSymmetry.Full, charge);
            Tensor links = Links(7).Slice(0, 0, 1).Slice(2, 0, 3).Slice(3, 0, 4);
            Parameters.AssertGradients(network, () => network.Forward(links));
            GradientCheck.Outcome outcome = GradientCheck.Run(t => network.Forward(t[0]), [links], new Rng(8));
            Assert.True(outcome.First < 1e-7 && outcome.Second < 1e-6, $"{outcome}");

            var other = new GaugeNetwork(2, Options(LatticeSymmetry.Full, charge), new Rng(99));
            ModuleState.Import(other, ModuleState.Export(network));
            Assert.Equal(network.Forward(links).ToArray(), other.Forward(links).ToArray());
        }
    }

    [Fact]
    public void Forward_WithItsGradient_CanBeReplayed()
    {
        GaugeNetwork network = Network(LatticeSymmetry.Full, FieldParity.Odd);
        var links = new Parameter(Links(9), isTrained: false);
        Tensor[] weights = [.. ParameterTree.Of(network).Trained.Select(p => p.Value)];
        Replay? replay = Replay.Record(Compute, out string? obstacle);
        Assert.True(replay is not null, obstacle);
        links.Assign(Links(10));
        Parameters.Randomise(network, new Rng(11));
        replay.Run();
        Assert.All(Compute().Zip(replay.Outputs), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));

        IReadOnlyList<Tensor> Compute()
        {
            Tensor y = links.Value + GaugeLinks.Boundary(network.Forward(links.Value).Slice(1, 0, 1));
            return [y, .. Gradient.Of(Tensor.Square(y).Sum(), weights)];
        }
    }

    [Fact]
    public void GaugeNetwork_WithOptionsThatDoNotGoTogether_IsRefused()
    {
        void Refuse(GaugeNetworkOptions options) => Assert.ThrowsAny<ArgumentException>(() => new GaugeNetwork(1, options, new Rng(1)));
        Refuse(new GaugeNetworkOptions { Loops = [] });
        Refuse(new GaugeNetworkOptions { Loops = [1, 2] });
        Refuse(new GaugeNetworkOptions { Network = new LatticeNetworkOptions { Axes = 3 } });
        Refuse(new GaugeNetworkOptions { Network = new LatticeNetworkOptions { Parity = FieldParity.Odd } });
        Assert.Throws<ShapeException>(() => new GaugeNetwork(1, new GaugeNetworkOptions(), new Rng(1)).Forward(Tensor.Zeros(new Shape(1, 3, 4, 4))));
        Assert.Throws<ShapeException>(() => GaugeLinks.Boundary(Tensor.Zeros(new Shape(1, 2, 4, 4))));
        Assert.Throws<ShapeException>(() => GaugeLinks.Transform(Tensor.Zeros(new Shape(1, 2, 4, 4)), Tensor.Zeros(new Shape(1, 1, 4, 5))));
    }

    private static GaugeNetworkOptions Options(LatticeSymmetry symmetry, FieldParity charge) => new()
    {
        Loops = [1, 3],
        Charge = charge,
        Network = new LatticeNetworkOptions { Hidden = [4], Side = symmetry == LatticeSymmetry.Rotations ? 5 : 3, Symmetry = symmetry, Activation = Activation.Silu, DType = DType.Float64 },
    };

    private static GaugeNetwork Network(LatticeSymmetry symmetry, FieldParity charge)
    {
        var network = new GaugeNetwork(2, Options(symmetry, charge), new Rng(20));
        Parameters.Randomise(network, new Rng(21));
        return network;
    }

    private static Tensor Links(ulong seed) => Tensor.Uniform(-Math.PI, Math.PI, new Rng(seed), new Shape(2, 2, Side, Side), DType.Float64);

    private static double Largest(Tensor x) => x.ToArray().Max(Math.Abs);

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.True(Largest(expected - actual) < 1e-10, $"off by {Largest(expected - actual)}");
}

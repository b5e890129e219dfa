using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Random;

public sealed class RngSplitTests
{
    private const int Count = 20_000;

    public static TheoryData<string, Func<long, Rng>, Func<long, Rng>> Pairs => new()
    {
        { "parent and child 0", i => Skip(new Rng(5), i), i => Skip(new Rng(5).Split(0), i) },
        { "child 0 and child 1", i => Skip(new Rng(5).Split(0), i), i => Skip(new Rng(5).Split(1), i) },
        { "neighbours, one draw each", i => new Rng(5).Split(i), i => new Rng(5).Split(i + 1) },
        { "index i of two seeds", i => new Rng(5).Split(i), i => new Rng(6).Split(i) },
        { "roots of neighbouring seeds", i => new Rng((ulong)i), i => new Rng((ulong)i + 1) },
        { "index and the label that spells it", i => new Rng(5).Split(i), i => new Rng(5).Split($"{i}") },
        { "child and grandchild", i => new Rng(5).Split(i), i => new Rng(5).Split(i).Split(i) },
        { "grandchildren with swapped path", i => new Rng(5).Split(i).Split(i + 1), i => new Rng(5).Split(i + 1).Split(i) },
        { "labels under an index", i => new Rng(5).Split(i).Split("noise"), i => new Rng(5).Split(i).Split("prior") },
        { "negative and positive index", i => new Rng(5).Split(-1 - i), i => new Rng(5).Split(1 + i) },
    };

    [Theory, MemberData(nameof(Pairs))]
    public void Split_AnyTwoStreams_AreIndependent(string pair, Func<long, Rng> first, Func<long, Rng> second)
    {
        // Draw i of the test is the first number of the i-th stream (or number i of one stream): uniform, normal, and unrelated across the pair.
        double[] u = new double[Count], v = new double[Count], products = new double[Count];
        long[] cells = new long[Count];
        long[] bits = new long[Count];
        for (int i = 0; i < Count; i++)
        {
            ulong a = first(i).NextUInt64(), b = second(i).NextUInt64();
            (u[i], v[i]) = ((a >> 11) * Math.ScaleB(1, -53), (b >> 11) * Math.ScaleB(1, -53));
            cells[i] = 16 * (long)(16 * u[i]) + (long)(16 * v[i]);
            bits[i] = long.CreateChecked(ulong.PopCount(a ^ b));
            products[i] = 12 * (u[i] - 0.5) * (v[i] - 0.5);
        }

        GoodnessOfFit.AssertContinuous(u, x => x, pair);
        GoodnessOfFit.AssertContinuous(v, x => x, pair);
        GoodnessOfFit.AssertDiscrete(cells, 0, 255, _ => -Math.Log(256), pair);
        GoodnessOfFit.AssertMoments(products, 0, 1, pair);              // their mean is the correlation
        GoodnessOfFit.AssertDiscrete(bits, 0, 64, k => Quincunx.Numerics.Special.SpecialFunctions.BinomialLogPmf(k, 64, 0.5), pair);
    }

    [Fact]
    public void Split_AfterUseOfTheParent_GivesTheSameStream()
    {
        Rng parent = new(9);
        ulong fresh = parent.Split(3).NextUInt64(), freshLabel = parent.Split("a").NextUInt64();
        for (int used = 0; used < 7; used++)
        {
            parent.NextNormal();
            parent.NextUInt64();
            Assert.Equal(fresh, parent.Split(3).NextUInt64());
            Assert.Equal(freshLabel, parent.Split("a").NextUInt64());
        }
    }

    [Fact]
    public void Split_Itself_DoesNotAdvanceTheParent()
    {
        Rng used = new(9), untouched = new(9);
        for (int i = 0; i < 9; i++)
        {
            used.Split(i).NextNormal();
            used.Split("x");
            Assert.Equal(untouched.NextUInt64(), used.NextUInt64());
        }
    }

    [Fact]
    public void Split_ManyIndicesAndLabels_NeverRepeatsAStream()
    {
        Rng root = new(0);
        HashSet<ulong> seen = [root.NextUInt64()];
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(seen.Add(root.Split(i).NextUInt64()), $"index {i}");
            Assert.True(seen.Add(root.Split($"{i}").NextUInt64()), $"label {i}");
        }
    }

    [Fact]
    public void Split_NullLabel_Throws() => Assert.Throws<ArgumentNullException>(() => new Rng(0).Split(null!));

    private static Rng Skip(Rng rng, long draws)
    {
        // Philox draws are cheap, but not quadratic: the streams compared in sequence are cut to their first 2,000 numbers, re-split by block.
        Rng block = draws < 2000 ? rng : rng.Split(1_000_000 + draws / 2000);
        for (long i = 0; i < draws % 2000; i++)
        {
            block.NextUInt64();
        }

        return block;
    }
}

using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Numerics.Kernels;

[Collection(SimdCollection.Name)]
public sealed class AdamUpdateTests
{
    private static readonly AdamUpdate Update = new(Gain1: 0.1, Gain2: 1e-3, Rate: 2e-3, Root: 3, Epsilon: 1e-8, Keep: 0.999);

    // Kingma and Ba 2015, arXiv:1412.6980, algorithm 1, one number at a time: to the last bit, whatever the place, the length and the level.
    [Fact]
    public void Run_EveryLengthAtEachLevel_MatchesOneByOne() => SimdCollection.AtEachLevel(() =>
    {
        Rng rng = new Rng(4).Split("adam");
        for (int length = 0; length <= 70; length++)
        {
            float[] w = Draw(), g = Draw(), m = Draw(), v = [.. Draw().Select(Math.Abs)];
            float[] expectedW = [.. w], expectedM = [.. m], expectedV = [.. v];
            for (int i = 0; i < length; i++)
            {
                expectedM[i] = m[i] + (0.1f * (g[i] - m[i]));
                float square = g[i] * g[i], change = 1e-3f * (square - v[i]);
                expectedV[i] = v[i] + change;
                float size = (3f * MathF.Sqrt(expectedV[i])) + 1e-8f, kept = 0.999f * w[i];
                expectedW[i] = kept - (2e-3f * expectedM[i] / size);
            }

            Update.Run<float>(w.AsSpan(0, length), g.AsSpan(0, length), m.AsSpan(0, length), v.AsSpan(0, length));
            Assert.Equal(expectedM, m);
            Assert.Equal(expectedV, v);
            Assert.Equal(expectedW, w);

            // One more than is updated.
            float[] Draw() => [.. Enumerable.Range(0, length + 1).Select(_ => (float)rng.NextDouble() - 0.5f)];
        }
    });

    [Fact]
    public void Run_OtherLength_Throws() =>
        Assert.Throws<ArgumentException>(() => Update.Run<float>(new float[3], new float[3], new float[2], new float[3]));
}

using Quincunx.Inference.Distributions;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Counterfactuals;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Inference.Mechanisms.Interventions;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Mechanisms;

public sealed class ImaginerTests
{
    [Fact]
    public void Imagine_NothingOtherwise_RepeatsTheEvent()
    {
        var tree = new GrowingTree();
        for (int i = 0; i < 200; i++)
        {
            TraceRecord record = RecordingTrace.Run(tree, [0.7, 1.3, 2.1], new Rng(1).Split(i));
            TraceRecord again = new Imaginer(tree).Imagine(record, [], new Rng(2).Split(i));
            Assert.Equal(record.Entries.Select(e => e.Site), again.Entries.Select(e => e.Site));
            Assert.All(record.Entries.Zip(again.Entries), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-9 * (1 + Math.Abs(pair.First.Value))));
        }
    }

    [Fact]
    public void Imagine_LatentSet_KeepsTheNoiseOfX()
    {
        TraceRecord record = RecordingTrace.Run(new TwoNormals(), [1], new Rng(1));
        var imaginer = new Imaginer(new TwoNormals());
        Assert.Equal(record.X[0] - record[TwoNormals.Z] + 9, imaginer.Imagine(record, [Intervention.Set("z", 9)], new Rng(2)).X[0], 1e-13);
        Assert.Equal(record.X[0] + 2, imaginer.Imagine(record, [Intervention.Shift("z", 2)], new Rng(2)).X[0], 1e-13);
    }

    // A policy's draw is fresh, so it does not know the noise of the event: over many imaginations it has the policy's mean.
    [Fact]
    public void Imagine_Policy_DrawsAfresh()
    {
        TraceRecord record = RecordingTrace.Run(new TwoNormals(), [1], new Rng(1));
        const int Draws = 4000;
        double mean = Enumerable.Range(0, Draws).Average(i => new Imaginer(new TwoNormals())
            .Imagine(record, [Intervention.Draw("z", new Uniform(0, 1))], new Rng(2).Split(i))[TwoNormals.Z]);
        Assert.Equal(0.5, mean, 5 / Math.Sqrt(12 * Draws));
    }

    // A ball that turned right at a board of slope 0.3 and is imagined at do(all nails...) of slope 0.6 still turns right; one that turned left turns
    // right with probability (0.6 - 0.3) / 0.7: monotone in the noise. The board itself is tilted by replaying under other parameters' laws.
    [Fact]
    public void Imagine_DiscreteChoices_AreMonotoneInTheNoise()
    {
        var board = new GaltonBoard(10);
        int left = 0, turned = 0;
        for (int i = 0; i < 4000; i++)
        {
            TraceRecord record = RecordingTrace.Run(board, [0.3], new Rng(1).Split(i));
            TraceRecord noise = new Imaginer(board).Imagine(record, [], new Rng(2).Split(i));
            Assert.Equal(record.X, noise.X);
            TraceRecord tilted = Imaginer.Run(board, [0.6], noise.Entries.ToDictionary(e => e.Site, e => e.Noise), new Rng(3));
            foreach ((TraceEntry before, TraceEntry after) in record.Entries.Zip(tilted.Entries))
            {
                Assert.True(after.Value >= before.Value);
                left += before.Value == 0 ? 1 : 0;
                turned += before.Value == 0 && after.Value == 1 ? 1 : 0;
            }
        }

        double expected = 0.3 / 0.7;
        Assert.Equal(expected, (double)turned / left, 5 * Math.Sqrt(expected * (1 - expected) / left));
    }

    // x = 3 was seen and z was not: z is Normal(2.6, 0.8) now, and x would have been 9 + (3 - z) at z = 9.
    [Fact]
    public void Imagine_OnlyXKnown_AveragesOverWhatExplainsIt()
    {
        var mechanism = new TwoNormals();
        ExplainedTraces explained = new Explainer(mechanism, [1], new Observation(3)).Weigh(new TraceImportanceOptions { Traces = 20_000 }, new Rng(1)).Traces;
        ExplainedTraces imagined = new Imaginer(mechanism).Imagine(explained, [Intervention.Set("z", 9)], new Rng(2));
        TraceMean mean = imagined.Expectation(r => r.X[0]), square = imagined.Expectation(r => (r.X[0] - 9.4) * (r.X[0] - 9.4));
        Assert.Equal(9.4, mean.Value, 5 * mean.Error);
        Assert.Equal(0.8, square.Value, 5 * square.Error);
        Assert.InRange(mean.Error, 0, 0.02);
    }

    [Fact]
    public void Imagine_EventOfAnotherMechanism_IsRefused()
    {
        TraceRecord record = RecordingTrace.Run(new Threshold(), [0.3], new Rng(1));
        ArgumentException e = Assert.Throws<ArgumentException>(() => new Imaginer(new TwoNormals()).Imagine(record, [], new Rng(1)));
        Assert.Contains("no choice z", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "2 choices are made for 1 outputs")]
    [InlineData(true, "is discrete")]
    public void Abduct_MechanismThatCannotBeInverted_SaysWhy(bool isDiscrete, string reason)
    {
        IMechanism mechanism = isDiscrete ? new GaltonBoard(1) : new TwoNormals();
        Abduction abduction = new Imaginer(mechanism).Abduct([0.5], [1]);
        Assert.False(abduction.IsExact);
        Assert.Contains(reason, abduction.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Abduct_AddedNoise_IsExact()
    {
        Abduction abduction = new Imaginer(new AddedNoise()).Abduct([2], [3.25]);
        Assert.True(abduction.IsExact, abduction.Reason);
        Assert.Equal(1.25, abduction.Event.Entries[0].Noise, 1e-14);
    }
}

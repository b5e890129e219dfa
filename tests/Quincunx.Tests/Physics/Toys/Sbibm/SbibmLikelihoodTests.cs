using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Physics;
using Quincunx.Physics.Toys.Sbibm;

namespace Quincunx.Tests.Physics.Toys.Sbibm;

/// <summary>Likelihoods against the simulators' own traces and against closed forms written another way.</summary>
public sealed class SbibmLikelihoodTests
{
    // Where x fixes all choices, log p(x | theta) is the sum of their log-probabilities, constants included.
    [Theory]
    [InlineData("bernoulli-glm")]
    [InlineData("bernoulli-glm-raw")]
    [InlineData("gaussian-linear")]
    [InlineData("lotka-volterra")]
    [InlineData("sir")]
    [InlineData("slcp")]
    public void LogLikelihood_OfAnEvent_IsThatOfItsChoices(string name)
    {
        for (int i = 0; i < 100; i++)
        {
            TraceRecord record = Record(name, i);
            double expected = record.LogProb;
            Assert.Equal(expected, Likelihood(name).LogLikelihood(record.Theta, record.X), 1e-11 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void GaussianMixture_LogLikelihood_IsTheSumOverInstruments()
    {
        var model = new GaussianMixture();
        for (int i = 0; i < 100; i++)
        {
            TraceRecord record = Record("gaussian-mixture", i);
            double[] terms = [.. ((double[])[0, 1]).Select(fine =>
            {
                var trace = new AssumingTrace(new() { [new("fine")] = fine, [Site.Output(0)] = record.X[0], [Site.Output(1)] = record.X[1] });
                model.Run(record.Theta, new double[2], ref trace);
                return trace.LogProb;
            })];
            Assert.Equal(SpecialFunctions.LogSumExp(terms), model.LogLikelihood(record.Theta, record.X), 1e-11);
        }
    }

    // E[∂l] = 0 and E[(∂l)²] = -E[∂²l] over events from theta: the simulator draws from this likelihood. At 5 standard errors, some 60 means.
    [Theory]
    [InlineData("bernoulli-glm")]
    [InlineData("gaussian-mixture")]
    [InlineData("lotka-volterra")]
    [InlineData("sir")]
    [InlineData("slcp")]
    public void Simulate_ManyEvents_HaveTheInformationOfTheLikelihood(string name)
    {
        const int Events = 2000;
        ILikelihood model = Likelihood(name);
        double[] theta = Record(name, 7).Theta, x = new double[((ISimulator)model).OutputNames.Count];
        double[][] scores = [.. theta.Select(_ => new double[Events])], information = [.. theta.Select(_ => new double[Events])];
        for (int i = 0; i < Events; i++)
        {
            ((ISimulator)model).Simulate(theta, x, new Rng(9).Split(i));
            double here = model.LogLikelihood(theta, x);
            for (int k = 0; k < theta.Length; k++)
            {
                double at = theta[k], step = 1e-3 * Math.Abs(at);
                theta[k] = at + step;
                double up = model.LogLikelihood(theta, x);
                theta[k] = at - step;
                double down = model.LogLikelihood(theta, x);
                theta[k] = at;
                scores[k][i] = (up - down) / (2 * step);
                information[k][i] = (scores[k][i] * scores[k][i]) + ((up - (2 * here) + down) / (step * step));
            }
        }

        Assert.All(scores, AssertMeanIsZero);
        Assert.All(information, AssertMeanIsZero);

        static void AssertMeanIsZero(double[] values)
        {
            double mean = values.Average(), error = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);
            Assert.InRange(mean, -5 * error, 5 * error);
        }
    }

    [Fact]
    public void Slcp_LogLikelihood_IsTheBivariateNormals()
    {
        double[] theta = [0.7, -2.9, -1.3, 0.8, 0.6], x = [.. Enumerable.Range(0, 8).Select(i => 3 * Math.Sin(i))];
        double a = Math.Pow(theta[2], 4) + 1e-6, b = Math.Tanh(theta[4]) * theta[2] * theta[2] * theta[3] * theta[3], c = Math.Pow(theta[3], 4) + 1e-6;
        double determinant = (a * c) - (b * b), expected = 0;
        for (int k = 0; k < 8; k += 2)
        {
            double u = x[k] - theta[0], v = x[k + 1] - theta[1];
            expected -= (0.5 * ((c * u * u) - (2 * b * u * v) + (a * v * v)) / determinant) + (0.5 * Math.Log(Math.Tau * Math.Tau * determinant));
        }

        Assert.Equal(expected, new Slcp().LogLikelihood(theta, x), 1e-11 * Math.Abs(expected));
        theta[2] *= -1;
        theta[3] *= -1;
        Assert.Equal(expected, new Slcp().LogLikelihood(theta, x), 1e-11 * Math.Abs(expected));
    }

    [Fact]
    public void Slcp_WithoutSpread_HasTheRidgeLeft()
    {
        double[] x = [.. Enumerable.Range(0, 8).Select(i => i % 2 == 0 ? 0.001 : -2.001)];
        Assert.Equal(8 * (SpecialFunctions.NormalLogPdf(1) - Math.Log(1e-3)), new Slcp().LogLikelihood([0, -2, 0, 0, 1], x), 1e-8);
    }

    [Fact]
    public void BernoulliGlm_LogLikelihood_IsThatOfTheSpikeTrain()
    {
        var raw = new BernoulliGlmRaw();
        var summaries = new BernoulliGlm();
        for (int i = 0; i < 20; i++)
        {
            TraceRecord train = Record("bernoulli-glm-raw", i), event_ = Record("bernoulli-glm", i);
            Assert.Equal(train.X, Enumerable.Range(0, 100).Select(bin => event_[new Site("spike", bin)]));
            double expected = raw.LogLikelihood(train.Theta, train.X);
            Assert.Equal(expected, summaries.LogLikelihood(event_.Theta, event_.X), 1e-11 * (1 + Math.Abs(expected)));
        }
    }

    // Log-odds of 60 and more: probabilities that round to 1.
    [Fact]
    public void BernoulliGlm_CertainSpikes_KeepTheirLogProbability()
    {
        var neuron = new BernoulliGlmRaw([1, 0, 0]);
        double[] theta = [60, 0, 5, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(-Math.Exp(-60) - Math.Exp(-65) - Math.Exp(-60), neuron.LogLikelihood(theta, [1, 1, 1]), 1e-40);
        Assert.Equal(-65, neuron.LogLikelihood(theta, [1, 0, 1]), 1e-12);
        Assert.Equal(double.NegativeInfinity, neuron.LogLikelihood(theta, [1, 0.5, 1]));
        Assert.Equal(double.NaN, neuron.LogLikelihood(theta, [1, double.NaN, 1]));
    }

    [Fact]
    public void BernoulliGlm_StimulusOfOnesOwn_IsTheSums()
    {
        double[] theta = [100, .. new double[9]], x = new double[10];
        ((ISimulator)new BernoulliGlm([3, -1, 0.5])).Simulate(theta, x, new Rng(1));     // every bin spikes
        Assert.Equal([3, 2.5, 2, 3, 0, 0, 0, 0, 0, 0], x);
        Assert.Throws<ArgumentException>(() => new BernoulliGlm([]));
        Assert.Throws<ArgumentException>(() => new BernoulliGlmRaw([1, double.NaN]));
    }

    [Theory]
    [InlineData("bernoulli-glm", double.NaN)]
    [InlineData("bernoulli-glm-raw", double.PositiveInfinity)]
    [InlineData("gaussian-mixture", double.NaN)]
    [InlineData("lotka-volterra", 0)]
    [InlineData("lotka-volterra", double.NaN)]
    [InlineData("sir", -0.1)]
    [InlineData("sir", double.PositiveInfinity)]
    [InlineData("slcp", double.NegativeInfinity)]
    [InlineData("slcp-distractors", double.NaN)]
    public void AnyCall_BadInput_Throws(string name, double bad)
    {
        ISimulator model = SimulatorCatalog.Create(name);
        double[] theta = [.. Enumerable.Repeat(0.5, model.ParameterNames.Count)], x = new double[model.OutputNames.Count];
        Assert.Throws<ArgumentException>(() => model.Simulate(theta[1..], x, new Rng(1)));
        double[] wrong = [bad, .. theta[1..]];
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Simulate(wrong, x, new Rng(1)));
        if (model is ILikelihood likelihood)
        {
            Assert.Throws<ArgumentException>(() => likelihood.LogLikelihood(theta, x.AsSpan(1)));
            Assert.Throws<ArgumentOutOfRangeException>(() => likelihood.LogLikelihood(wrong, x));
            x[^1] = double.NaN;
            Assert.Equal(double.NaN, likelihood.LogLikelihood(theta, x));
        }
    }

    private static ILikelihood Likelihood(string name) => (ILikelihood)SimulatorCatalog.Create(name);

    private static TraceRecord Record(string name, int index)
    {
        var mechanism = (IMechanism)SimulatorCatalog.Create(name);
        double[] theta = new double[mechanism.ParameterNames.Count];
        SimulatorCases.Of(name).Prior(theta, new Rng(5).Split(index));
        return RecordingTrace.Run(mechanism, theta, new Rng(6).Split(index));
    }
}

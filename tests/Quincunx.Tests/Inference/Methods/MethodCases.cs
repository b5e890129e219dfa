using Quincunx.Inference;
using Quincunx.Inference.BayesianNetworks;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Gold;
using Quincunx.Inference.MixtureDensity;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Nle;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.ScoreModels;
using Quincunx.Inference.Sequential;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>Every method that ends in a posterior, behind one door, with networks that train in moments.</summary>
internal static class MethodCases
{
    private static readonly NeuralPosteriorOptions Flow = new() { Flow = new FlowOptions { Transforms = 2, Hidden = 24, Blocks = 1, Bins = 8, Activation = Activation.Tanh } };
    private static readonly ScoreNetworkOptions Score = new() { Width = 32, Blocks = 2, EmbeddingWidth = 16 };
    private static readonly NeuralRatioOptions Ratio = new() { Width = 32, Blocks = 1 };

    private static readonly MethodCase[] Cases =
    [
        new NpeCase(), new EnsembleCase(), new AptCase(), new MixtureCase(), new BayesianCase(), new FlowMatchingCase(), new ScoreCase(), new NleCase(),
        new RatioCase("nre-a", RatioLoss.Binary), new RatioCase("nre-b", RatioLoss.Contrastive), new RatioCase("nre-c", RatioLoss.ContrastiveMarginal), new CarlCase(), new TmnreCase(),
        new ScandalCase(), .. Enum.GetValues<GoldLoss>().Where(loss => loss != GoldLoss.Carl).Select(loss => new GoldCase(loss)),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    public static TheoryData<string> Without(params string[] names) => [.. Cases.Select(c => c.Name).Except(names)];

    public static MethodCase Of(string name) => Cases.Single(c => c.Name == name);

    private static TrainingOptions Usual { get; } = new() { LearningRate = 3e-3, Schedule = RateSchedule.Cosine, MaxEpochs = 30 };

    private sealed record NpeCase() : MethodCase("npe")
    {
        public override TrainingOptions Training => Usual;

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            NpeResult result = NeuralPosteriorEstimation.Train(new SupportBijection(prior), thetas, xs, features, Flow, training, rng, cancel: cancel);
            return new TrainedMethod(result.Posterior, result.Training, result.Posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            NeuralPosterior posterior = NeuralPosteriorEstimation.Untrained(new SupportBijection(prior), features, Flow);
            return (posterior, posterior);
        }
    }

    private sealed record EnsembleCase() : MethodCase("npe-ensemble")
    {
        private static readonly EnsembleOptions Options = new() { Members = 3, Network = Flow };

        public override TrainingOptions Training => Usual with { BatchSize = 96 };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            EnsembleResult result = EnsembleEstimation.Train(new SupportBijection(prior), thetas, xs, features, Options, training, rng, cancel: cancel);
            return new TrainedMethod(result.Posterior, result.Members[0].Training with { StopReason = result.StopReason }, result.Posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            PosteriorEnsemble posterior = EnsembleEstimation.Untrained(new SupportBijection(prior), features, Options);
            return (posterior, posterior);
        }
    }

    // The rows as two rounds, whose second half is taken for proposals.
    private sealed record AptCase() : MethodCase("apt")
    {
        public override TrainingOptions Training => Usual;

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            int first = thetas.Length / prior.Dimension / 2, at = first * prior.Dimension, atX = first * features;
            SimulationPairs[] rounds = [new(thetas[..at], xs[..atX], first, 0), new(thetas[at..], xs[atX..], (thetas.Length / prior.Dimension) - first, 0)];
            NpeResult result = SequentialPosteriorEstimation.Train(prior, rounds, features, new SequentialNpeOptions { Network = Flow }, training, rng, cancel: cancel);
            return new TrainedMethod(result.Posterior, result.Training, result.Posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained) => Of("npe").Untrained(prior, features, trained);
    }

    private sealed record MixtureCase() : MethodCase("mdn")
    {
        private static readonly MixtureDensityOptions Network = new() { Components = 4, Width = 24, Blocks = 1 };

        public override TrainingOptions Training => Usual with { AverageDecay = 0.98 };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            MixtureDensityResult result = MixtureDensityEstimation.Train(new SupportBijection(prior), thetas, xs, features, Network, training, rng, cancel: cancel);
            return new TrainedMethod(result.Posterior, result.Training, result.Posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            MixturePosterior posterior = MixtureDensityEstimation.Untrained(new SupportBijection(prior), features, Network);
            return (posterior, posterior);
        }
    }

    private sealed record BayesianCase() : MethodCase("bnn-npe")
    {
        private static readonly BayesianNetworkOptions Options = new() { Hidden = 2, Chains = 2, Warmup = 150, Draws = 50, Thinning = 1, TargetAcceptance = 0.8 };

        public override int MostSimulations => 400;

        // Nothing is trained: weights are sampled, as the options say.
        public override TrainingOptions Training => Usual;

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            BayesianNetworkPosterior posterior = BayesianNetworkEstimation.Untrained(new SupportBijection(prior), features, Options, networks: 0);
            var stop = StopReason.Cancelled;
            try
            {
                BayesianNetworkResult result = BayesianNetworkEstimation.Train(new SupportBijection(prior), thetas, xs, features, Options, rng, cancel: cancel);
                (posterior, stop) = (result.Posterior, result.Posterior.Networks > 0 ? StopReason.Converged : StopReason.Diverged);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Samplers have no part of a result to return.
            }

            return new TrainedMethod(posterior, new TrainingResult
            {
                StopReason = stop,
                History = [],
                BestEpoch = -1,
                BestValidationLoss = double.NaN,
                Steps = 0,
                SkippedSteps = 0,
                Replays = 0,
                TrainingRows = thetas.Length / prior.Dimension,
                ValidationRows = 0,
            }, posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            BayesianNetworkPosterior posterior = BayesianNetworkEstimation.Untrained(new SupportBijection(prior), features, Options, ((BayesianNetworkPosterior)trained.Network).Networks);
            return (posterior, posterior);
        }
    }

    private sealed record FlowMatchingCase() : MethodCase("fmpe")
    {
        private static readonly FlowMatchingOptions Options = new() { Network = Score };

        public override TrainingOptions Training => FlowMatching.DefaultTraining with { MaxEpochs = 40, AverageDecay = 0.98 };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            ScoreResult result = FlowMatching.Train(new SupportBijection(prior), thetas, xs, features, Options, training, rng, cancel: cancel);
            return new TrainedMethod(result.Posterior, result.Training, result.Posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            ScorePosterior posterior = FlowMatching.Untrained(new SupportBijection(prior), features, Options);
            return (posterior, posterior);
        }
    }

    private sealed record ScoreCase() : MethodCase("npse")
    {
        private static readonly ScoreEstimationOptions Options = new() { Network = Score };

        public override TrainingOptions Training => ScoreEstimation.DefaultTraining with { MaxEpochs = 40, AverageDecay = 0.98 };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            ScoreResult result = ScoreEstimation.Train(new SupportBijection(prior), thetas, xs, features, Options, training, rng, cancel: cancel);
            return new TrainedMethod(result.Posterior, result.Training, result.Posterior);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            ScorePosterior posterior = ScoreEstimation.Untrained(new SupportBijection(prior), features, Options);
            return (posterior, posterior);
        }
    }

    private sealed record NleCase() : MethodCase("nle")
    {
        public static readonly NeuralLikelihoodOptions Options = new() { Flow = new FlowOptions { Transforms = 1, Hidden = 24, Blocks = 1, Bins = 5, Activation = Activation.Silu }, AffineTransforms = 2 };

        public override TrainingOptions Training => NeuralLikelihoodEstimation.DefaultTraining with { LearningRate = 3e-3, MaxEpochs = 30 };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            NleResult result = NeuralLikelihoodEstimation.Train(new SupportBijection(prior), thetas, xs, features, Options, training, rng, cancel: cancel);
            return new TrainedMethod(new SampledPosterior(prior, result.Likelihood, Chains), result.Training, result.Likelihood);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            NeuralLikelihood likelihood = NeuralLikelihoodEstimation.Untrained(new SupportBijection(prior), features, Options with { Discrete = ((NeuralLikelihood)trained.Network).Discrete });
            return (new SampledPosterior(prior, likelihood, Chains), likelihood);
        }
    }

    private sealed record RatioCase(string Method, RatioLoss Loss) : MethodCase(Method)
    {
        public override TrainingOptions Training => NeuralRatioEstimation.DefaultTraining with { MaxEpochs = 30, WeightDecay = 0.01 };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            NreResult result = NeuralRatioEstimation.Train(new SupportBijection(prior), thetas, xs, features, Ratio with { Loss = Loss }, training, rng, cancel: cancel);
            return new TrainedMethod(new SampledPosterior(prior, result.Ratio, Chains), result.Training, result.Ratio);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            NeuralRatio ratio = NeuralRatioEstimation.Untrained(new SupportBijection(prior), features, Ratio with { Loss = Loss });
            return (new SampledPosterior(prior, ratio, Chains), ratio);
        }
    }

    // The reference is the evidence: each output stands beside that of another pair.
    private sealed record CarlCase() : MethodCase("carl")
    {
        public override TrainingOptions Training => Of("nre-a").Training;

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            int shift = Math.Min(features, xs.Length);
            NreResult result = ReferenceRatioEstimation.Train(new SupportBijection(prior), thetas, xs, [.. xs[shift..], .. xs[..shift]], features, Ratio, training, rng, cancel: cancel);
            return new TrainedMethod(new SampledPosterior(prior, result.Ratio, Chains), result.Training, result.Ratio);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained) => Of("nre-a").Untrained(prior, features, trained);
    }

    private sealed record ScandalCase() : MethodCase("scandal")
    {
        private Gold Mined { get; init; } = new();

        public override TrainingOptions Training => Of("nle").Training;

        public override MethodCase On(Func<double[], double[], double> logLikelihood) => this with { Mined = new Gold(logLikelihood) };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            NleResult result = GoldLikelihoodEstimation.Train(new SupportBijection(prior), Mined.Of(thetas, xs, prior.Dimension, features), features, NleCase.Options, scoreWeight: 1, training, rng, cancel: cancel);
            return new TrainedMethod(new SampledPosterior(prior, result.Likelihood, Chains), result.Training, result.Likelihood);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained) => Of("nle").Untrained(prior, features, trained);
    }

    private sealed record GoldCase(GoldLoss Loss) : MethodCase(Loss.ToString().ToLowerInvariant())
    {
        private Gold Mined { get; init; } = new();

        public override TrainingOptions Training => GoldRatioEstimation.DefaultTraining;

        public override MethodCase On(Func<double[], double[], double> logLikelihood) => this with { Mined = new Gold(logLikelihood) };

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            NreResult result = GoldRatioEstimation.Train(new SupportBijection(prior), Mined.Of(thetas, xs, prior.Dimension, features), features, Options, training, rng, cancel: cancel);
            return new TrainedMethod(new SampledPosterior(prior, result.Ratio, Chains), result.Training, result.Ratio);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            NeuralRatio ratio = GoldRatioEstimation.Untrained(new SupportBijection(prior), features, Options);
            return (new SampledPosterior(prior, ratio, Chains), ratio);
        }

        private GoldRatioOptions Options => new() { Loss = Loss };
    }

    // One marginal, of all parameters.
    private sealed record TmnreCase() : MethodCase("tmnre")
    {
        public override TrainingOptions Training => Of("nre-a").Training;

        public override TrainedMethod Train(IDistribution prior, double[] thetas, double[] xs, int features, TrainingOptions training, Rng rng, CancellationToken cancel)
        {
            MarginalRatioResult result = MarginalRatioEstimation.Train(new SupportBijection(prior), thetas, xs, features, Joint(prior), Ratio, training, rng, cancel: cancel);
            return new TrainedMethod(new SampledPosterior(prior, result.Ratios.Joint(0), Chains), result.Training, result.Ratios);
        }

        public override (IPosteriorEstimator, IModule) Untrained(IDistribution prior, int features, TrainedMethod trained)
        {
            MarginalRatios ratios = MarginalRatioEstimation.Untrained(new SupportBijection(prior), features, Joint(prior), Ratio);
            return (new SampledPosterior(prior, ratios.Joint(0), Chains), ratios);
        }

        private static int[][] Joint(IDistribution prior) => [[.. Enumerable.Range(0, prior.Dimension)]];
    }
}

using Quincunx.Inference.Gold;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Electroweak;

namespace Quincunx.Tests.Inference.Gold;

/// <summary>The example of the page on local scores, held to the exact likelihood.</summary>
public sealed class LocalScoreGuide
{
    [Fact, Trait("Category", "Slow")]
    public void Couplings_OfMuonPairs_AreFoundAsWellAsTheExactScoreSays()
    {
        double[] truth = [MuonScan.StandardVector + 0.03, MuonScan.StandardAxial - 0.01];
        double[] observed = MinedSimulations.At(new Miner(new MuonScan()), truth, 2000, new Rng(5)).Xs;

        // snippet: local-score
        double[] reference = [MuonScan.StandardVector, MuonScan.StandardAxial];
        var miner = new Miner(new MuonScan());
        MinedSimulations simulations = MinedSimulations.At(miner, reference, count: 5000, new Rng(1));
        GoldScoreResult result = GoldScoreEstimation.Train(
            simulations, reference, features: 2, new GoldScoreOptions(), GoldScoreEstimation.DefaultTraining, new Rng(2));

        MinedSimulations others = MinedSimulations.At(miner, reference, count: 20_000, new Rng(3));
        LocalScoreModel model = LocalScoreModel.Fit(result.Score, others);
        double vectorAlone = model.Information.Given(0)[0, 0], vectorWithAxialUnknown = model.Information.Profiled(0)[0, 0];
        LocalEstimate estimate = model.Estimate(observed);
        // end-snippet

        for (int j = 0; j < 2; j++)
        {
            // 4.5 standard errors: one in 150,000.
            Assert.Equal(truth[j], estimate.Theta[j], 4.5 * Math.Sqrt(estimate.Covariance[3 * j]));
        }

        Assert.Null(estimate.Advice);
        Assert.Null(result.Advice);

        double[] exact = new double[2 * others.Count];
        for (int i = 0; i < others.Count; i++)
        {
            Dual<Tangent4> log = new MuonScanEvent(others.Xs[2 * i], others.Xs[(2 * i) + 1]).LogProb<Dual<Tangent4>>([Dual<Tangent4>.Variable(reference[0], 0), Dual<Tangent4>.Variable(reference[1], 1)]);
            (exact[2 * i], exact[(2 * i) + 1]) = (log.Derivative(0), log.Derivative(1));
        }

        // No score knows more than the exact one; a network of 5,000 events knows most of it.
        var known = FisherInformation.OfScores(exact, 2);
        double error = 4.5 * (known.StandardError(0, 0) + model.Information.StandardError(0, 0));
        Assert.InRange(vectorAlone, (0.75 * known[0, 0]) - error, known[0, 0] + error);
        Assert.InRange(vectorWithAxialUnknown, 0, vectorAlone);
        Assert.InRange(model.Information[1, 1] / known[1, 1], 0.75, 1.05);
    }
}

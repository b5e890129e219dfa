using Quincunx.Inference.Distributions;
using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Ten thousand simulations of a task, and how the members of an ensemble are trained on them.</summary>
internal sealed class MemberProblem
{
    private readonly SupportBijection _bijection;
    private readonly PosteriorCoordinates _scales;
    private readonly ScaledPairs _pairs;
    private readonly int[] _order;

    public MemberProblem(string task, int batch)
    {
        const int Simulations = 10_000;
        (ISimulator model, IDistribution prior) = BalanceScores.Problem(task);
        SimulationPairs pairs = new SimulationRunner(model).Run(prior, 0, Simulations, new Rng(1)).Successful();
        _bijection = new SupportBijection(prior);
        _scales = PosteriorCoordinates.Fit(_bijection, pairs.Theta, pairs.X, model.OutputNames.Count);
        _pairs = _scales.Pairs(pairs.Theta, pairs.X);
        _order = new Rng(2).Permutation(pairs.Count);
        (Batch, Training) = (batch, EnsembleEstimation.DefaultTraining(pairs.Count));
    }

    public int Batch { get; }

    public TrainingOptions Training { get; }

    public MemberNetwork[] Members(int k) => [.. Enumerable.Range(0, k).Select(i => Member(i, Batch))];

    public MemberNetwork Member(int index, int rows)
    {
        var posterior = new NeuralPosterior(_bijection, _scales.Theta, _scales.X, new NeuralPosteriorOptions(), new Rng(3).Split(index));
        var member = new MemberNetwork(EnsembleTask.Whole(posterior, _pairs), rows);
        member.Fill(Rows(0, index, rows));
        return member;
    }

    public void Fill(MemberNetwork[] members, int step)
    {
        for (int m = 0; m < members.Length; m++)
        {
            members[m].Fill(Rows(step, m, Batch));
        }
    }

    public ReadOnlySpan<int> Rows(int step, int member, int rows) => _order.AsSpan(((step * 97) + (member * 13)) % (_order.Length - rows), rows);

    public AdamW Optimiser(IReadOnlyList<Parameter> parameters) => new(parameters, Training.DecayOf(_pairs.Count), Training.Adam);
}

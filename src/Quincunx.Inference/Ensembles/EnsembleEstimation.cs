using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Ensembles;

/// <summary>Trains several networks for p(theta | x) that differ by their initial weights and, where asked for, by a bootstrap of the simulations; their mixture is the posterior.</summary>
/// <remarks>
/// Sources: Lakshminarayanan, Pritzel and Blundell 2017 (arXiv:1612.01474) for ensembles of networks; Breiman 1996 (Machine Learning 24, 123) for the bootstrap; Hermans et al. 2022 (arXiv:2110.06581) for what they do to the coverage of
/// learned posteriors. Members are trained side by side, one on each thread: a member's step is too small to be shared between threads without waiting,
/// and members that take turns by the step, or share one (<see cref="EnsembleOptions.Batched"/>), keep each other's weights out of the caches (decision 19). A thread that has trained a member by an epoch goes on with the one that has waited
/// longest, so that all end at about the same time, whatever else keeps a core busy.
/// </remarks>
public static class EnsembleEstimation
{
    // Six registers of float32; and what a member can do without where the mixture makes up for it, measured from 1,000 to 10,000 simulations.
    private const int MemberBatch = 96, MemberSteps = 4200, FewestPasses = 45;

    /// <summary>How members train well in less time than as many networks: as <see cref="NeuralPosteriorEstimation.DefaultTraining"/>, with fewer passes where there are simulations enough.</summary>
    /// <param name="simulations">To train on, with those held out.</param>
    public static TrainingOptions DefaultTraining(int simulations)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(simulations);
        TrainingOptions one = NeuralPosteriorEstimation.DefaultTraining with { BatchSize = MemberBatch };
        double epochs = (double)MemberSteps * MemberBatch / (simulations * (1 - one.ValidationFraction));
        int passes = (int)Math.Clamp(Math.Round(epochs), FewestPasses, one.MaxEpochs);
        return one with { MaxEpochs = passes, Patience = passes };
    }

    /// <summary>Trains all members.</summary>
    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior (or from the prior restricted to a region).</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite: leave failed simulations out, and report that you did.</param>
    /// <param name="training">Of each member; <see cref="TrainingOptions.Threads"/> are members at once, and <see cref="TrainingOptions.Chunks"/> are not used. <see cref="DefaultTraining"/> for instance.</param>
    /// <param name="rng">Decides everything; not advanced. Member i is a function of child i alone, so a larger ensemble extends a smaller one.</param>
    /// <param name="progress">Told after every epoch of every member, by several threads.</param>
    /// <param name="checkpoints">Where the states of all members are kept together, after epochs and inside of long ones, so that interrupted training ends in the same bytes; asked by one thread at a time.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    /// <exception cref="StateException">The checkpoint is of another training.</exception>
    public static EnsembleResult Train(
        SupportBijection bijection,
        ReadOnlySpan<double> thetas,
        ReadOnlySpan<double> xs,
        int features,
        EnsembleOptions options,
        TrainingOptions training,
        Rng rng,
        IProgress<EnsembleProgress>? progress = null,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(rng);
        EnsembleOptions o = options.Checked();
        TrainingOptions each = training.Checked() with { Chunks = 1, Threads = 1 };
        NeuralPosterior[] members = new NeuralPosterior[o.Members];
        for (int i = 0; i < members.Length; i++)
        {
            PosteriorCoordinates scales = PosteriorCoordinates.Fit(bijection, thetas, xs, features, groups: o.Network.Observations.ScaleGroups(features));
            members[i] = new NeuralPosterior(bijection, scales.Theta, scales.X, o.Network, rng.Split(i).Split("weights"));
        }

        // The scales are those of all simulations, the same for all members: so are the scaled pairs.
        var pairs = ScaledPairs.InMemory(thetas, bijection.Dimension, xs, features, members[0].ScaleTheta, members[0].Scaling.Apply);
        EnsembleCheckpoints? states = checkpoints is null ? null : new EnsembleCheckpoints(checkpoints, o.Members);
        MemberTraining[] trainings = [.. members.Select((member, i) => new MemberTraining(i, member, pairs, o, each, rng.Split(i), states?.Of(i)))];
        try
        {
            Advance(o.Batched ? Groups(trainings, training.Threads) : trainings, training.Threads, progress, cancel);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        finally
        {
            Array.ForEach(trainings, t => t.Dispose());
        }

        TrainingResult[] results = [.. trainings.Select(t => t.Result!)];
        if (Array.Exists(results, r => r.StopReason == StopReason.Cancelled))
        {
            states?.Save();
        }

        EnsembleMember[] told = [.. results.Select(r => new EnsembleMember(r, r.StopReason != StopReason.Diverged && r.BestEpoch >= 0))];
        return new EnsembleResult(new PosteriorEnsemble(members, [.. told.Select(m => m.IsUsed)]), told);
    }

    /// <summary>An ensemble of the same shape, to import stored weights into; which members are used is among them.</summary>
    public static PosteriorEnsemble Untrained(SupportBijection bijection, int features, EnsembleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EnsembleOptions o = options.Checked();
        return new PosteriorEnsemble([.. Enumerable.Range(0, o.Members).Select(_ => NeuralPosteriorEstimation.Untrained(bijection, features, o.Network))]);
    }

    // One of a thread each, so that no thread waits for another.
    private static MemberGroup[] Groups(MemberTraining[] members, int threads)
    {
        int groups = Math.Min(threads, members.Length);
        return [.. Enumerable.Range(0, groups).Select(g => new MemberGroup(members[RowPlan.Part(members.Length, g, groups)]))];
    }

    private static void Advance(IReadOnlyList<IMemberWork> work, int threads, IProgress<EnsembleProgress>? progress, CancellationToken cancel)
    {
        var waiting = new ConcurrentQueue<IMemberWork>(work);
        Parallel.For(0, Math.Min(threads, work.Count), new ParallelOptions { MaxDegreeOfParallelism = threads }, (_, state) =>
        {
            while (!state.ShouldExitCurrentIteration && waiting.TryDequeue(out IMemberWork? next))
            {
                if (!next.Advance(progress, cancel))
                {
                    waiting.Enqueue(next);
                }
            }
        });
    }
}

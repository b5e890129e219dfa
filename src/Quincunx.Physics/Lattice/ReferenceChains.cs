using Quincunx.Inference.Diagnostics;
using Quincunx.Inference.Experiments;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Physics.Lattice;

/// <summary>What a simulation by local updates, which the flow has no part in, finds about a theory.</summary>
internal sealed class ReferenceChains
{
    // Neighbouring sweeps say nearly the same.
    private const int Every = 5, WarmUpShare = 10;

    private readonly double[][] _magnetisation;

    private ReferenceChains(double[][] magnetisation, double[][] correlators) => (_magnetisation, Correlators) = (magnetisation, correlators);

    /// <summary>Mean correlator of each chain.</summary>
    public double[][] Correlators { get; }

    /// <summary>All magnetisations that were measured.</summary>
    public double[] Magnetisation => [.. _magnetisation.SelectMany(m => m)];

    /// <summary>Runs the chains, each with a stream of its own.</summary>
    public static NamedTensors Run(LatticeFlowOptions options, Rng rng, IProgress<ExperimentProgress>? progress, CancellationToken cancel)
    {
        (int chains, int measured, int size) = (options.ReferenceChains, options.ReferenceSweeps / Every, options.Action.Size);
        double[] magnetisation = new double[chains * measured], correlators = new double[chains * size];
        int done = 0;
        Parallel.For(0, chains, new ParallelOptions { CancellationToken = cancel }, chain =>
        {
            var walk = new LocalMetropolis(options.Action, rng.Split(chain));
            walk.WarmUp(options.ReferenceSweeps / WarmUpShare);
            Span<double> correlator = stackalloc double[size];
            for (int i = 0; i < measured; i++)
            {
                cancel.ThrowIfCancellationRequested();
                for (int sweep = 0; sweep < Every; sweep++)
                {
                    walk.Sweep();
                }

                magnetisation[(chain * measured) + i] = LatticeObservables.Magnetisation(walk.Phi);
                LatticeObservables.Correlator(walk.Phi, size, correlator);
                for (int t = 0; t < size; t++)
                {
                    correlators[(chain * size) + t] += correlator[t] / measured;
                }
            }

            progress?.Report(new ExperimentProgress(Interlocked.Increment(ref done), chains, "chains"));
        });
        return new NamedTensors
        {
            { "magnetisation", Tensor.From(magnetisation, new Shape(chains, measured)) },
            { "correlators", Tensor.From(correlators, new Shape(chains, size)) },
        };
    }

    public static ReferenceChains From(NamedTensors data) => new(Rows(data.Get("magnetisation")), Rows(data.Get("correlators")));

    /// <summary>The susceptibility with the error of a series that depends on itself.</summary>
    public AutocorrelatedMean Susceptibility(int sites) => AutocorrelatedMean.Of([.. _magnetisation.Select(chain => chain.Select(m => sites * m * m).ToArray())]);

    private static double[][] Rows(Tensor table) => [.. Enumerable.Range(0, table.Shape[0]).Select(i => table.At(0, i).ToArray())];
}

using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Samplers;

internal delegate ChainResult SamplerRun(IGradientTarget target, double[] start, Rng rng, int warmup, int draws, IProgress<SamplerProgress>? progress = null, CancellationToken cancel = default);

/// <summary>Every sampler that needs a density and a start, with thinning that makes their draws about equally good. Steps are small enough for the far ends of a banana and of an exponential: with an acceptance of 0.9 one run in six sticks there, and errors of second moments come out a third to a half too small.</summary>
internal static class SamplerCases
{
    public static readonly Dictionary<string, SamplerRun> All = new()
    {
        ["slice"] = (t, s, r, w, n, p, c) => SliceSampler.Run(t, s, r, new SliceOptions { Warmup = w, Draws = n }, p, c),
        ["hit-and-run"] = (t, s, r, w, n, p, c) => SliceSampler.Run(t, s, r, new SliceOptions { Warmup = w, Draws = n, Moves = SliceMoves.HitAndRun }, p, c),
        ["metropolis"] = (t, s, r, w, n, p, c) => Metropolis.Run(t, s, r, new MetropolisOptions { Warmup = 3 * w, Draws = n, Thinning = 10 }, p, c),
        ["hmc"] = (t, s, r, w, n, p, c) => HamiltonianMonteCarlo.Run(t, s, r, new HmcOptions { Warmup = w, Draws = n, StepSize = 0.4, TargetAcceptance = 0.99 }, p, c),
        ["nuts"] = (t, s, r, w, n, p, c) => Nuts.Run(t, s, r, new NutsOptions { Warmup = w, Draws = n, StepSize = 0.6, TargetAcceptance = 0.99 }, p, c),
        ["nuts, whole turns"] = (t, s, r, w, n, p, c) => Nuts.Run(t, s, r, new NutsOptions { Warmup = w, Draws = n, StepSize = 0.6, TargetAcceptance = 0.99, TurnThreshold = 0, Metric = MetricKind.Diagonal }, p, c),
        ["nuts, early turns"] = (t, s, r, w, n, p, c) => Nuts.Run(t, s, r, new NutsOptions { Warmup = w, Draws = n, StepSize = 0.25, TargetAcceptance = 0.99, TurnThreshold = 0.7 }, p, c),
        ["nuts, dense"] = (t, s, r, w, n, p, c) => Nuts.Run(t, s, r, new NutsOptions { Warmup = w, Draws = n, StepSize = 0.25, TargetAcceptance = 0.99, Metric = MetricKind.Dense }, p, c),
    };

    public static TheoryData<string> Names => [.. All.Keys];
}

using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Execution;

namespace Quincunx.Runs.Pipeline;

/// <summary>The parameters of a round that draws from the last posterior, as <c>proposals/round-N.npz</c>.</summary>
internal static class ProposalFile
{
    /// <param name="theta">Shape <c>[n, d]</c>.</param>
    public static (string Name, NpyArray Array)[] Arrays(double[] theta, int dimension) => [("theta", NpyArray.Of(theta, theta.Length / dimension, dimension))];

    /// <summary>What a round draws its parameters from: the study's prior in the first, or what the method makes of it; in the others, as the method has it, the prior restricted to a region, or rows drawn before.</summary>
    /// <param name="path">Where a file of the run folder is.</param>
    /// <exception cref="ArtifactException">The file is damaged.</exception>
    public static EventLaw Law(StudyModel model, int round, Func<string, string> path) => round > 1 && model.Method.Proposes
        ? new EventLaw(NpzFile.Read(path(RunFiles.Proposal(round))).Values<double>("theta", model.Simulations(round), model.Dimension))
        : new EventLaw(round == 1 ? model.Method.Law(model) : RegionFile.Prior(model, round, path));
}

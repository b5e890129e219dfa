using Quincunx.Inference.Distributions;
using Quincunx.Inference.Sequential;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Pipeline;

/// <summary>The region that the prior of a round is restricted to, as <c>regions/round-N.npz</c>.</summary>
internal static class RegionFile
{
    public static (string Name, NpyArray Array)[] Arrays(Ellipsoid region) =>
    [
        ("centre", NpyArray.Of([.. region.Centre], region.Dimension)),
        ("factor", NpyArray.Of([.. region.Factor], region.Dimension, region.Dimension)),
        ("radius", NpyArray.Scalar(region.Radius)),
    ];

    /// <summary>The prior that a round draws from: the study's own in the first, restricted to a region in the others.</summary>
    /// <param name="path">Where a file of the run folder is.</param>
    /// <exception cref="ArtifactException">The file is damaged.</exception>
    public static IDistribution Prior(StudyModel model, int round, Func<string, string> path)
    {
        if (round == 1)
        {
            return model.Prior;
        }

        NpzFile file = NpzFile.Read(path(RunFiles.Region(round)));
        int d = model.Dimension;
        return new RestrictedPrior(
            model.Prior, model.Bijection,
            new Ellipsoid(file.Values<double>("centre", d), file.Values<double>("factor", d, d), file.Values<double>("radius")[0]));
    }
}

using Quincunx.Inference.Distributions;
using Quincunx.Inference.Nre;
using Quincunx.Inference.Sequential;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Pipeline;

/// <summary>The region that the prior of a round is restricted to, as <c>regions/round-N.npz</c>: what the ellipsoids of this and of all earlier rounds have in common, so that regions lie inside one another; or a box.</summary>
internal static class RegionFile
{
    /// <param name="regions">In the order of their rounds, that of the second first.</param>
    public static (string Name, NpyArray Array)[] Arrays(IReadOnlyList<Ellipsoid> regions)
    {
        int m = regions.Count, d = regions[0].Dimension;
        return
        [
            ("centre", NpyArray.Of([.. regions.SelectMany(r => r.Centre)], m, d)),
            ("factor", NpyArray.Of([.. regions.SelectMany(r => r.Factor)], m, d, d)),
            ("radius", NpyArray.Of([.. regions.Select(r => r.Radius)])),
        ];
    }

    /// <param name="box">An interval for each parameter.</param>
    public static (string Name, NpyArray Array)[] Arrays(IReadOnlyList<Support> box) =>
        [("lower", NpyArray.Of([.. box.Select(b => b.Lower)])), ("upper", NpyArray.Of([.. box.Select(b => b.Upper)]))];

    /// <exception cref="ArtifactException">The file is damaged.</exception>
    public static IReadOnlyList<Ellipsoid> Read(StudyModel model, string path)
    {
        NpzFile file = NpzFile.Read(path);
        int d = model.Dimension;
        double[] radii = file.Values<double>("radius", -1);
        double[] centres = file.Values<double>("centre", radii.Length, d), factors = file.Values<double>("factor", radii.Length, d, d);
        return [.. radii.Select((radius, i) => new Ellipsoid(centres.AsSpan(i * d, d), factors.AsSpan(i * d * d, d * d), radius))];
    }

    /// <summary>The prior that a round draws from: the study's own in the first, restricted to a region in the others.</summary>
    /// <param name="path">Where a file of the run folder is.</param>
    /// <exception cref="ArtifactException">The file is damaged.</exception>
    public static IDistribution Prior(StudyModel model, int round, Func<string, string> path) => round == 1 ? model.Prior : Truncated(model, round, path);

    /// <summary>That of a round after the first.</summary>
    /// <inheritdoc cref="Prior"/>
    public static ITruncatedPrior Truncated(StudyModel model, int round, Func<string, string> path)
    {
        string file = path(RunFiles.Region(round));
        return model.Method.TruncatesToBox
            ? Box(model, NpzFile.Read(file))
            : new RestrictedPrior(model.Prior, model.Bijection, Read(model, file));
    }

    private static TruncatedProduct Box(StudyModel model, NpzFile file)
    {
        double[] lower = file.Values<double>("lower", model.Dimension), upper = file.Values<double>("upper", model.Dimension);
        return new TruncatedProduct((IndependentProduct)model.Prior, [.. lower.Zip(upper, (l, u) => new Support(l, u))]);
    }
}

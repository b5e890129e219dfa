namespace Quincunx.Inference.Abc;

/// <summary>How <see cref="SmcAbc"/> moves a particle: the covariance of a normal step. Filippi et al. 2013 (Stat. Appl. Genet. Mol. Biol. 12, 87) compare them.</summary>
public enum SmcKernelKind
{
    /// <summary>Twice the weighted covariance of the population (Beaumont et al. 2009, Biometrika 96, 983).</summary>
    Gaussian,

    /// <summary>The covariance of the nearest neighbours of the particle: follows curved and separate posteriors.</summary>
    NearestNeighbours,

    /// <summary>The mean square difference between particles and those within the next tolerance: the least divergence of any one covariance.</summary>
    OptimalMultivariate,

    /// <summary>The mean square difference between the particle and those within the next tolerance: the least divergence of a covariance of its own.</summary>
    OptimalLocal,
}

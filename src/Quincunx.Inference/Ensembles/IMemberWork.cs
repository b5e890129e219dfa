namespace Quincunx.Inference.Ensembles;

/// <summary>The training of one member or of several together, in parts of which any thread may take the next, one at once.</summary>
internal interface IMemberWork
{
    /// <summary>About an epoch.</summary>
    /// <returns>Whether training has ended.</returns>
    bool Advance(IProgress<EnsembleProgress>? progress, CancellationToken cancel);
}

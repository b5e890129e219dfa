namespace Quincunx.Runs.Execution;

/// <summary>A way to make the simulations of a campaign: in this process, in others, on a cluster.</summary>
internal interface IEngine
{
    /// <summary>Makes the events that the store misses, and commits them. It may be called again after a kill at any moment.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; what was finished is in the store.</exception>
    /// <exception cref="Pipeline.RunException">The simulator cannot be run, or none of its first events succeeds.</exception>
    /// <exception cref="Artifacts.ArtifactException">The store cannot be written.</exception>
    void Make(CampaignWork work, CancellationToken cancel);
}

namespace Quincunx.Tests.Runs.Execution.Slurm;

/// <summary>Tests that share one Slurm, which the first of them starts. Each leaves it as it found it: up, and without jobs.</summary>
[CollectionDefinition(Name)]
public sealed class SlurmCollection : ICollectionFixture<SlurmCollection>, IDisposable
{
    public const string Name = "a real Slurm";

    private readonly Lazy<SlurmCluster> _cluster = new(() => new SlurmCluster());

    internal SlurmCluster Cluster => _cluster.Value;

    public void Dispose()
    {
        if (_cluster.IsValueCreated)
        {
            _cluster.Value.Dispose();
        }
    }
}

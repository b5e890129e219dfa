using Quincunx.Inference.Simulation;

namespace Quincunx.Runs.Campaigns;

/// <summary>Contents of <c>about.json</c> in a shard: which events its rows are, and of what.</summary>
/// <param name="Format">Version of the shard file's format.</param>
/// <param name="Campaign">What the campaign is called in its run: <c>round-1</c>.</param>
/// <param name="Key">Hash of all that an event is a function of besides its number.</param>
/// <param name="Parameters">Names of the columns of theta.</param>
/// <param name="Outputs">Names of the columns of x.</param>
/// <param name="Events">The rows' events, range after range: one in a shard that is whole, any number in one that is under way.</param>
/// <param name="Failures">The failed events of lowest number, with their reasons.</param>
internal sealed record ShardAbout(
    int Format, string Campaign, string Key, IReadOnlyList<string> Parameters, IReadOnlyList<string> Outputs, IReadOnlyList<ShardAbout.Range> Events, IReadOnlyList<SimulationFailure> Failures)
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentFormat = 1;

    public long Rows() => Events.Sum(e => e.To - e.From);

    /// <summary>Consecutive events, the last excluded.</summary>
    internal sealed record Range(long From, long To);
}

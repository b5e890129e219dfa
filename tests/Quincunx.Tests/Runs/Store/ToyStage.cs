using Quincunx.Runs.Store;

namespace Quincunx.Tests.Runs.Store;

/// <summary>A stage made of functions.</summary>
internal sealed class ToyStage(
    string name, IReadOnlyList<string> reads, Action<InputHash> inputs, Action<StageContext, CancellationToken> run, int version = 1) : IStage
{
    public string Name => name;

    public int Version => version;

    public IReadOnlyList<string> Reads => reads;

    public void AddInputs(InputHash hash) => inputs(hash);

    public void Run(StageContext context, CancellationToken cancel) => run(context, cancel);
}

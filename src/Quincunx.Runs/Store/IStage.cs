namespace Quincunx.Runs.Store;

/// <summary>One step of a run: files in, files out, the same bytes for the same inputs.</summary>
public interface IStage
{
    /// <summary>Letters, digits and '-'; unique in a run: <c>simulate-2</c>.</summary>
    string Name { get; }

    /// <summary>Raised whenever the code gives other bytes for the same inputs, or its checkpoints another form.</summary>
    int Version { get; }

    /// <summary>Files of earlier stages that it reads; their contents count as inputs.</summary>
    IReadOnlyList<string> Reads { get; }

    /// <summary>Adds exactly the study's keys and seeds that the outputs depend on.</summary>
    void AddInputs(InputHash hash);

    /// <summary>Does the work. It may be started again after a kill at any moment and must then give the same files.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; it has saved a checkpoint if it keeps any.</exception>
    void Run(StageContext context, CancellationToken cancel);
}

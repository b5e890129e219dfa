using Quincunx.Inference.Simulation;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Runs.Execution;

/// <summary>Takes simulations that were made elsewhere.</summary>
internal sealed class RecordedEngine(SimulationSet recorded) : IEngine
{
    /// <inheritdoc/>
    public void Make(CampaignWork work, CancellationToken cancel)
    {
        int d = recorded.ParameterCount, k = recorded.OutputCount;
        foreach (EventRange range in work.Store.Missing())
        {
            for (int from = (int)range.From; from < range.To;)
            {
                cancel.ThrowIfCancellationRequested();
                int to = (int)Math.Min(range.To, from + work.Campaign.BlockRows);
                var piece = SimulationSet.FromArrays(d, k, from, recorded.Theta[(from * d)..(to * d)], recorded.X[(from * k)..(to * k)]);
                piece = work.Model.Measurement.Stored(piece);
                work.Store.Add(piece with { Failures = [.. piece.FailedRows.Select(row => Failure(piece, row))] });
                work.Report();
                from = to;
            }
        }

        work.Store.Commit();
    }

    private static SimulationFailure Failure(SimulationSet set, int row) =>
        new(set.From + row, set.Theta.AsSpan(row * set.ParameterCount, set.ParameterCount).ToArray(), "An output is not finite where it was recorded.");
}

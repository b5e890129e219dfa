using System.Text;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Shards;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Simulates a round whose simulations do not fit in memory: shard after shard to the disk.</summary>
/// <remarks>After each shard the checkpoint lists those that are whole. A run that goes on takes over the ones that are still as they were written.</remarks>
internal sealed class ShardedSimulation(StudyModel model, int round, StageContext context)
{
    private readonly int _total = model.Simulations(round), _rows = model.ShardRows();
    private readonly Checkpoint _checkpoint = context.Checkpoint("shards");
    private readonly List<ShardEntry> _shards = [];
    private long _failed;

    /// <param name="told">Gets each set that was simulated, to say what failed.</param>
    /// <returns>How many simulations failed.</returns>
    public int Run(IDistribution prior, SimulationRunner runner, Action<SimulationSet> told, CancellationToken cancel)
    {
        List<ShardEntry> made = [];
        _checkpoint.TryLoad(stream => made = Read(stream));
        int shards = (_total + _rows - 1) / _rows;
        context.RemoveStrays(RunFiles.ShardFolder(round), [.. made.Select(s => RunFiles.Shard(round, s.File))]);
        for (int shard = 0; shard < shards; shard++)
        {
            cancel.ThrowIfCancellationRequested();
            int from = shard * _rows, to = Math.Min(_total, from + _rows);
            if (shard < made.Count && context.Keep(RunFiles.Shard(round, made[shard].File), new FileFingerprint(made[shard].Sha256, made[shard].Bytes)))
            {
                Add(made[shard]);
                continue;
            }

            var progress = new Relay<SimulationProgress>(p => context.Report(from + p.Done, _total, "simulations", null, ("failed", _failed + p.Failed)));
            SimulationSet set = runner.Run(prior, from, to, model.Stream($"simulate-{round}"), progress, cancel);
            told(set);
            string name = ShardFile.NameOf(shard);
            FileFingerprint fingerprint = context.Write(RunFiles.Shard(round, name), "simulations", stream => ShardFile.Write(stream, set));
            Add(ShardFile.Entry(name, set, fingerprint));
            if (shard >= made.Count)
            {
                _checkpoint.Save(Write);
            }
        }

        var index = new ShardIndex(ShardIndex.CurrentFormat, model.ParameterNames, model.Study.Simulator.OutputNames, _total, _failed, _shards);
        context.WriteJson(RunFiles.ShardIndex(round), "the index of the simulations", index);
        context.WriteJson(RunFiles.SimulationFacts(round), "facts of the simulations", new SimulationFacts(
            Format: 1, _total, (int)_failed, (double)_failed / _total, [.. _shards.SelectMany(s => s.FirstFailed).Take(5)]));
        return (int)_failed;
    }

    private static List<ShardEntry> Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var shards = new List<ShardEntry>();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            (int rows, int failed) = (reader.ReadInt32(), reader.ReadInt32());
            long[] first = new long[reader.ReadByte()];
            for (int i = 0; i < first.Length; i++)
            {
                first[i] = reader.ReadInt64();
            }

            shards.Add(new ShardEntry(
                ShardFile.NameOf(shards.Count), rows, failed, first, reader.ReadInt64(), reader.ReadString(), reader.ReadString(), reader.ReadString()));
        }

        return shards;
    }

    private void Add(ShardEntry shard)
    {
        _shards.Add(shard);
        _failed += shard.Failed;
    }

    private void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(_shards.Count);
        foreach (ShardEntry shard in _shards)
        {
            writer.Write(shard.Rows);
            writer.Write(shard.Failed);
            writer.Write((byte)shard.FirstFailed.Count);
            foreach (long row in shard.FirstFailed)
            {
                writer.Write(row);
            }

            writer.Write(shard.Bytes);
            writer.Write(shard.Sha256);
            writer.Write(shard.ThetaCrc32);
            writer.Write(shard.XCrc32);
        }
    }
}

using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Shards;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Simulations that come from shards, beside plain reading of the same files; both from the page cache, since they have just been written.</summary>
internal static class ShardRows
{
    private const int Parameters = 8, Outputs = 56, Batch = 200, Shards = 32, PartOfMemory = 32;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int bytes = bench.Effort.LargeBytes / 4;
        var folder = new Lazy<Folder>(() => bench.Own(new Folder(bytes)));
        Probe plain = bench.Time(() => folder.Value.ReadPlainly);
        Bound bound = Bound.Measured(Quantity.Rate(plain, 1e-9 * bytes), "plain reading of the files");
        string size = bytes >= 1 << 20 ? $"{bytes >> 20} MB" : $"{bytes >> 10} kB";
        yield return Row($"shards read and checked, {size}", 1, () => folder.Value.ReadShards);
        yield return Row($"an epoch from shards in batches of {Batch}, shuffled, {size}", 2, () => () => folder.Value.RunEpoch(scaled: false));
        yield return Row($"an epoch from shards in batches of {Batch}, shuffled and scaled, {size}", 2, () => () => folder.Value.RunEpoch(scaled: true));

        RowPlan Row(string name, int threads, Func<Action> prepare) =>
            new(name, threads, RowPlan.Float64, Units.Bandwidth, Quantity.Rate(bench.Time(prepare), 1e-9 * bytes), bound);
    }

    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("quincunx-shards-").FullName;
        private readonly ShardSet _shards;
        private readonly FeatureScaling _scaling;
        private readonly double[] _theta, _x;
        private readonly byte[] _bytes = new byte[1 << 20];
        private readonly long _memory;

        public Folder(int bytes)
        {
            int rows = bytes / (sizeof(double) * (Parameters + Outputs) * Shards);
            var rng = new Rng(1);
            var entries = new List<ShardEntry>();
            for (int s = 0; s < Shards; s++)
            {
                double[] theta = new double[rows * Parameters], x = new double[rows * Outputs];
                rng.FillNormal(theta);
                rng.FillNormal(x);
                var set = SimulationSet.FromArrays(Parameters, Outputs, s * rows, theta, x);
                string name = ShardFile.NameOf(s);
                entries.Add(ShardFile.Entry(name, set, AtomicFile.Write(Path.Combine(_path, name), "a shard", stream => ShardFile.Write(stream, set))));
            }

            string index = Path.Combine(_path, "index.json");
            AtomicFile.Write(index, "the index", stream => JsonArtifact.Write(stream, new ShardIndex(
                ShardIndex.CurrentFormat, Names("theta", Parameters), Names("x", Outputs), Shards * rows, 0, entries)));
            _shards = ShardSet.Open(index);
            (_theta, _x) = (new double[rows * Parameters], new double[rows * Outputs]);
            _shards.Read(0, _theta, _x);
            _scaling = FeatureScaling.Fit(_x, Outputs);

            // Some of the shards at a time, as in a training on more than memory holds.
            _memory = Math.Max(bytes / 8, PartOfMemory * Batch * sizeof(float) * (Parameters + Outputs));
        }

        public void ReadPlainly()
        {
            foreach (ShardEntry shard in _shards.Index.Shards)
            {
                using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(Path.Combine(_path, shard.File));
                for (long at = 0; RandomAccess.Read(file, _bytes, at) is int read and > 0; at += read)
                {
                }
            }
        }

        public void ReadShards()
        {
            for (int block = 0; block < Shards; block++)
            {
                _shards.Read(block, _theta, _x);
            }
        }

        public void RunEpoch(bool scaled)
        {
            RowScaling scale = scaled ? _scaling.Apply : Copy;
            var pairs = ScaledPairs.Streamed(_shards, _memory, Copy, scale);
            using var plan = new StreamedPlan(pairs.Blocks!, new TrainingOptions { BatchSize = Batch, ValidationFraction = 0, MaxEpochs = 1 }, new Rng(1));
            plan.Begin(0, 0);
            for (int b = 0; b < plan.Batches; b++)
            {
                using var scope = new TensorScope();
                ReadOnlySpan<int> rows = plan.Batch(b, CancellationToken.None).Span;
                pairs.CopyTheta(rows, Tensor.Zeros(new Shape(rows.Length, Parameters)));
                pairs.CopyX(rows, Tensor.Zeros(new Shape(rows.Length, Outputs)));
            }
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);

        private static void Copy(ReadOnlySpan<double> rows, Span<double> scaled) => rows.CopyTo(scaled);

        private static string[] Names(string name, int count) => [.. Enumerable.Range(1, count).Select(i => $"{name}_{i}")];
    }
}

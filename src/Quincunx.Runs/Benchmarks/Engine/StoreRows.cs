using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>Simulations that come from the store, beside plain reading of the same file; both from the page cache, since it has just been written.</summary>
internal static class StoreRows
{
    private const int Parameters = 8, Outputs = 56, Batch = 200, PartOfMemory = 32;

    public static IEnumerable<RowPlan> All(Bench bench)
    {
        int bytes = bench.Effort.LargeBytes / 4;
        var folder = new Lazy<Folder>(() => bench.Own(new Folder(bytes)));
        Probe plain = bench.Time(() => folder.Value.ReadPlainly);
        Bound bound = Bound.Measured(Quantity.Rate(plain, 1e-9 * bytes), "plain reading of the file");
        string size = bytes >= 1 << 20 ? $"{bytes >> 20} MB" : $"{bytes >> 10} kB";
        yield return Row($"simulations added to a store and committed, {size}", 1, () => folder.Value.Write);
        yield return Row($"simulations of a store read and checked, {size}", 1, () => folder.Value.ReadBlocks);
        yield return Row($"an epoch from a store in batches of {Batch}, shuffled, {size}", 2, () => () => folder.Value.RunEpoch(scaled: false));
        yield return Row($"an epoch from a store in batches of {Batch}, shuffled and scaled, {size}", 2, () => () => folder.Value.RunEpoch(scaled: true));

        RowPlan Row(string name, int threads, Func<Action> prepare) =>
            new(name, threads, RowPlan.Float64, Units.Bandwidth, Quantity.Rate(bench.Time(prepare), 1e-9 * bytes), bound);
    }

    private sealed class Folder : IDisposable
    {
        private const int PieceRows = 64;
        private readonly string _path = Directory.CreateTempSubdirectory("quincunx-store-").FullName;
        private readonly List<SimulationSet> _pieces = [];
        private readonly Campaign _campaign;
        private readonly CampaignReader _reader;
        private readonly FeatureScaling _scaling;
        private readonly double[] _theta, _x;
        private readonly byte[] _bytes = new byte[1 << 20];
        private readonly long _memory;

        public Folder(int bytes)
        {
            _campaign = new Campaign("round-1", new string('0', 64), Names("theta", Parameters), Names("x", Outputs), bytes / (sizeof(double) * (Parameters + Outputs)));
            var rng = new Rng(1);
            for (long from = 0; from < _campaign.Rows; from += PieceRows)
            {
                int rows = (int)Math.Min(PieceRows, _campaign.Rows - from);
                double[] theta = new double[rows * Parameters], x = new double[rows * Outputs];
                rng.FillNormal(theta);
                rng.FillNormal(x);
                _pieces.Add(SimulationSet.FromArrays(Parameters, Outputs, from, theta, x));
            }

            string index = Path.Combine(_path, "index.json");
            using (SimulationStore store = Fill("simulations.db"))
            {
                AtomicFile.Write(index, "the index", stream => JsonArtifact.Write(stream, store.Index()));
                store.Seal([_campaign.Name]);
            }

            // Half of the simulations at a time, as in a training on more than memory holds; of 64 MB that is enough for parts that are whole blocks.
            _memory = Math.Max(bytes / 2, PartOfMemory * Batch * sizeof(float) * (Parameters + Outputs));
            _reader = CampaignReader.Open(Path.Combine(_path, "simulations.db"), index, StreamSize.Part(_memory));
            (_theta, _x) = (new double[_reader.Rows[0] * Parameters], new double[_reader.Rows[0] * Outputs]);
            _reader.Read(0, _theta, _x);
            _scaling = FeatureScaling.Fit(_x, Outputs);
        }

        public void Write()
        {
            using (SimulationStore store = Fill("again.db"))
            {
                store.Seal([_campaign.Name]);
            }

            File.Delete(Path.Combine(_path, "again.db"));
        }

        public void ReadPlainly()
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(Path.Combine(_path, "simulations.db"));
            for (long at = 0; RandomAccess.Read(file, _bytes, at) is int read and > 0; at += read)
            {
            }
        }

        public void ReadBlocks() => _reader.Verify();

        public void RunEpoch(bool scaled)
        {
            RowScaling scale = scaled ? _scaling.Apply : Copy;
            var pairs = ScaledPairs.Streamed(_reader, _memory, Copy, scale);
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

        public void Dispose()
        {
            _reader.Dispose();
            Directory.Delete(_path, recursive: true);
        }

        private SimulationStore Fill(string name)
        {
            var store = SimulationStore.Open(Path.Combine(_path, name), _campaign, _ => { });
            foreach (SimulationSet piece in _pieces)
            {
                store.Add(piece);
            }

            return store;
        }

        private static void Copy(ReadOnlySpan<double> rows, Span<double> scaled) => rows.CopyTo(scaled);

        private static string[] Names(string name, int count) => [.. Enumerable.Range(1, count).Select(i => $"{name}_{i}")];
    }
}

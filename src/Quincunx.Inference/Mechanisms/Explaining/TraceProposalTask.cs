using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>The loss of a learned proposal, -log q(choice | outputs, choices before it), over the choices of simulated events.</summary>
/// <remarks>
/// Its sum over an event is -log q(z | x), whose mean over events is the Kullback-Leibler divergence from posterior to proposal, averaged over outputs, up to a
/// constant (Le, Baydin and Wood 2017, arXiv:1610.09900). A row is a choice, so events of any length fill batches alike.
/// </remarks>
internal sealed class TraceProposalTask : TrainingTask
{
    private readonly ProposalNetwork _network;
    private readonly LearnedSites _sites;
    private readonly float[][] _outputs;
    private readonly RecordedChoice[][] _events;
    private readonly (int Event, int Choice)[] _rows;

    /// <param name="outputs">Of each event, standardised.</param>
    public TraceProposalTask(ProposalNetwork network, LearnedSites sites, float[][] outputs, RecordedChoice[][] events)
    {
        (_network, _sites, _outputs, _events) = (network, sites, outputs, events);
        _rows = [.. events.SelectMany((choices, i) => Enumerable.Range(0, choices.Length).Select(j => (i, j)))];
    }

    /// <inheritdoc/>
    public override IModule Module => _network;

    /// <inheritdoc/>
    public override int Count => _rows.Length;

    /// <inheritdoc/>
    public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
    {
        var batch = new ProposalBatch(_sites, rows.Length);
        Fill(batch, rows);
        return _network.Loss(batch);
    }

    /// <inheritdoc/>
    public override BatchLoss Batch(int rows) => new Recordable(this, rows);

    private void Fill(ProposalBatch batch, ReadOnlySpan<int> rows)
    {
        batch.Clear();
        for (int column = 0; column < rows.Length; column++)
        {
            (int index, int last) = _rows[rows[column]];
            RecordedChoice[] choices = _events[index];
            for (int i = 0; i < _outputs[index].Length; i++)
            {
                batch.SetFeature(column, i, _outputs[index][i]);
            }

            for (int j = 0; j < last; j++)
            {
                ref readonly LearnedSite site = ref _sites[choices[j].Site];
                bool isLabel = site.Values > 0;
                batch.SetFeature(column, site.Slot + (isLabel ? (int)choices[j].Value : 0), 1);
                if (!isLabel)
                {
                    batch.SetFeature(column, site.Slot + 1, site.Feature(choices[j].Value));
                }
            }

            batch.SetSite(column, choices[last].Site);
            if (choices[last].LogLaw is float[] logLaw)
            {
                batch.SetLabel(column, (int)choices[last].Value, logLaw);
            }
            else
            {
                batch.SetNoise(column, choices[last].Noise);
            }
        }
    }

    private sealed class Recordable(TraceProposalTask task, int rows) : BatchLoss
    {
        private readonly ProposalBatch _batch = new(task._sites, rows);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Fill(_batch, rows);

        public override Tensor Loss() => task._network.Loss(_batch);
    }
}

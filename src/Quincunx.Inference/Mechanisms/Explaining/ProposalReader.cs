using System.Numerics.Tensors;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>A proposal's network, read choice by choice along an event: one thread's own.</summary>
internal sealed class ProposalReader
{
    private readonly ProposalWeights _weights;
    private readonly LearnedSites _sites;
    private readonly float[] _begin, _summary, _hidden, _layer, _raw;
    private readonly double[] _logProposal;
    private readonly int _components;
    private readonly double[] _spread;

    /// <param name="outputs">Of the observation, standardised, shape <c>[outputs]</c>.</param>
    public ProposalReader(ProposalWeights weights, LearnedSites sites, int components, ReadOnlySpan<float> outputs)
    {
        (_weights, _sites, _components) = (weights, sites, components);
        int width = weights.Width;
        (_summary, _hidden, _layer) = (new float[width], new float[width], new float[width]);
        _raw = new float[weights.Outputs];
        _logProposal = new double[sites.MostValues];
        _spread = ProposalNetwork.Means(components);
        _begin = [.. weights.SummaryBias];
        for (int i = 0; i < outputs.Length; i++)
        {
            Add(_begin, i, outputs[i]);
        }
    }

    /// <summary>Whether choices of this event follow the proposal and not their laws.</summary>
    public bool Proposes { get; private set; }

    /// <summary>log r(z) - log p(z) of the choices so far, r being the proposal and p the laws.</summary>
    public double LogRatio { get; private set; }

    /// <summary>Begins an event.</summary>
    public void Begin(bool proposes)
    {
        (Proposes, LogRatio) = (proposes, 0);
        _begin.CopyTo(_summary, 0);
    }

    /// <summary>Makes a latent choice.</summary>
    public double Choose<TLaw>(Site site, TLaw law, Rng rng)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        int at = _sites.Find(site, TraceEntry.KindOf<TLaw>());
        if (at < 0)
        {
            return law.Sample(rng);
        }

        int values = _sites[at].Values;
        Read(at, values);
        double value = values > 0 ? ChooseLabel(law, values, rng) : ChooseNoise(law, rng);
        Note(at, value);
        return value;
    }

    /// <summary>Takes note of a choice that was seen.</summary>
    public void Note(Site site, TraceEntryKind kind, double value)
    {
        int at = _sites.Find(site, kind);
        if (at >= 0)
        {
            Note(at, value);
        }
    }

    private void Note(int at, double value)
    {
        ref readonly LearnedSite site = ref _sites[at];
        if (site.Values == 0)
        {
            Add(_summary, site.Slot, 1);
            Add(_summary, site.Slot + 1, site.Feature(value));
        }
        else if (value >= 0 && value < site.Values)
        {
            Add(_summary, site.Slot + (int)value, 1);
        }
    }

    // r(v) ∝ p(v) exp(tilt of v) over the values that were met in training.
    private double ChooseLabel<TLaw>(TLaw law, int values, Rng rng)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        Span<double> log = _logProposal.AsSpan(0, values);
        for (int v = 0; v < values; v++)
        {
            log[v] = law.LogProb(v) + _raw[v];
        }

        double total = SpecialFunctions.LogSumExp(log);
        if (!double.IsFinite(total))
        {
            return law.Sample(rng);
        }

        double value;
        if (Proposes)
        {
            double level = rng.NextDouble();
            int chosen = 0, last = 0;
            for (double sum = 0; chosen < values; chosen++)
            {
                double p = Math.Exp(log[chosen] - total);
                sum += p;
                last = p > 0 ? chosen : last;
                if (level < sum)
                {
                    break;
                }
            }

            value = chosen < values ? chosen : last;
        }
        else
        {
            value = law.Sample(rng);
        }

        LogRatio += value < values ? _raw[(int)value] - total : double.NegativeInfinity;
        return value;
    }

    // In the noise the law is a standard normal, whatever it is in the value.
    private double ChooseNoise<TLaw>(TLaw law, Rng rng)
        where TLaw : struct, ILaw<double>, allows ref struct
    {
        int k = _components, first = _sites.MostValues;
        Span<double> logs = stackalloc double[k];
        for (int j = 0; j < k; j++)
        {
            logs[j] = _raw[first + j];
        }

        double total = SpecialFunctions.LogSumExp(logs), noise = rng.NextNormal();
        if (Proposes)
        {
            double level = rng.NextDouble(), sum = 0;
            int chosen = 0;
            for (; chosen < k - 1; chosen++)
            {
                sum += Math.Exp(logs[chosen] - total);
                if (level < sum)
                {
                    break;
                }
            }

            noise = Mean(chosen) + (Math.Exp(LogScale(chosen)) * noise);
        }

        for (int j = 0; j < k; j++)
        {
            logs[j] += SpecialFunctions.NormalLogPdf((noise - Mean(j)) * Math.Exp(-LogScale(j))) - LogScale(j);
        }

        LogRatio += SpecialFunctions.LogSumExp(logs) - total - SpecialFunctions.NormalLogPdf(noise);
        return law.FromNoise(noise);

        double Mean(int j) => _raw[first + k + j] + _spread[j];

        double LogScale(int j) => ProposalNetwork.LogScale(_raw[first + (2 * k) + j]);
    }

    // The network's outputs for a site: those that its kind of choice needs.
    private void Read(int at, int values)
    {
        ReadOnlySpan<float> gain = _weights.Gain(at), shift = _weights.Shift(at);
        TensorPrimitives.MultiplyAdd(_summary, gain, shift, _hidden);
        TensorPrimitives.Max(_hidden, 0f, _hidden);
        for (int layer = 0; layer < _weights.Depth; layer++)
        {
            for (int unit = 0; unit < _hidden.Length; unit++)
            {
                _layer[unit] = Math.Max(0, TensorPrimitives.Dot(_weights.Layer(layer, unit), _hidden) + _weights.LayerBias(layer)[unit]);
            }

            TensorPrimitives.Add(_hidden, _layer, _hidden);
        }

        (int from, int to) = values > 0 ? (0, values) : (_sites.MostValues, _raw.Length);
        for (int i = from; i < to; i++)
        {
            _raw[i] = TensorPrimitives.Dot(_weights.Output(i), _hidden) + _weights.OutputBias(at)[i];
        }
    }

    private void Add(float[] summary, int feature, float value) => TensorPrimitives.MultiplyAdd(_weights.Summary(feature), value, summary, summary);
}

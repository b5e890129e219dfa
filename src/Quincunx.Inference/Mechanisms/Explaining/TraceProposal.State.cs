using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Mechanisms.Explaining;

public sealed partial class TraceProposal
{
    private const int Format = 1, SiteNumbers = 8;

    /// <summary>Everything the proposal is, as named arrays.</summary>
    /// <remarks><c>sites</c> has a row of numbers for each site, whose name is in the same row of <c>names</c>, as UTF-16 code units padded with zeros.</remarks>
    public NamedTensors Export()
    {
        var state = new NamedTensors();
        state.Add("format", Format);
        state.Add("outputs", Outputs);
        state.Add("width", _options.Width);
        state.Add("depth", _options.Depth);
        state.Add("components", _options.Components);
        int longest = Math.Max(1, Sites.Max(s => s.Name.Length));
        double[] numbers = new double[_sites.Count * SiteNumbers], names = new double[_sites.Count * longest];
        for (int i = 0; i < _sites.Count; i++)
        {
            ref readonly LearnedSite site = ref _sites[i];
            double[] row =
            [
                .. Halves(site.Site.Index), .. Halves(site.Site.Second), (int)site.Kind, site.Values, site.Mean, site.Scale,
            ];
            row.CopyTo(numbers, i * SiteNumbers);
            for (int j = 0; j < site.Site.Name.Length; j++)
            {
                names[(i * longest) + j] = site.Site.Name[j];
            }
        }

        state.Add("sites", Tensor.From(numbers, new Shape(_sites.Count, SiteNumbers)));
        state.Add("names", Tensor.From(names, new Shape(_sites.Count, longest)));
        state.AddSection("scale", ModuleState.Export(_scale));
        state.AddSection("network", ModuleState.Export(_network));
        return state;

        // An index has 64 bits, of which a float64 holds 53.
        static double[] Halves(long index) => [index >> 32, index & 0xFFFFFFFF];
    }

    /// <summary>The proposal that <see cref="Export"/> wrote.</summary>
    /// <exception cref="StateException">An array is missing, has another shape, or holds what cannot be.</exception>
    public static TraceProposal Import(NamedTensors state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.GetInteger("format") != Format)
        {
            throw new StateException($"Array 'format': expected {Format}, stored {state.GetInteger("format")}.");
        }

        var options = new TraceProposalOptions { Width = Size("width", 1), Depth = Size("depth", 0), Components = Size("components", 1) };
        int outputs = Size("outputs", 1);
        Tensor stored = state.Get("names");
        int count = stored.Rank == 2 ? stored.Shape[0] : 0;
        double[] numbers = state.Get("sites", new Shape(count, SiteNumbers), DType.Float64).ToArray(), names = state.Get("names", stored.Shape, DType.Float64).ToArray();
        var sites = new LearnedSite[count];
        for (int i = 0; i < count; i++)
        {
            double[] row = numbers[(i * SiteNumbers)..((i + 1) * SiteNumbers)];
            string name = new([.. names[(i * stored.Shape[1])..((i + 1) * stored.Shape[1])].TakeWhile(c => c != 0).Select(c => (char)c)]);
            var site = new Site(name, Whole(row[0], row[1]), Whole(row[2], row[3]));
            sites[i] = new LearnedSite(site, (TraceEntryKind)row[4], (int)row[5], 0, row[6], row[7]);
        }

        bool all = sites.All(s => s.Kind is (TraceEntryKind.Continuous or TraceEntryKind.Discrete) && s.Values >= 0 && s.Scale > 0);
        if (count == 0 || !all || sites.DistinctBy(s => s.Site).Count() < count)
        {
            throw new StateException($"Array 'sites': expected one or more different sites of choices, stored {count} of which some cannot be.");
        }

        var proposal = new TraceProposal(options, new LearnedSites(sites, outputs), new Standardise(outputs), new Rng(0));
        ModuleState.Import(proposal._scale, state.Section("scale"));
        ModuleState.Import(proposal._network, state.Section("network"));
        return proposal;

        int Size(string name, int least)
        {
            long value = state.GetInteger(name);
            return value >= least && value <= 1 << 20 ? (int)value : throw new StateException($"Array '{name}': expected a size of at least {least}, stored {value}.");
        }

        static long Whole(double high, double low) => ((long)high << 32) | (long)low;
    }
}

using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Tests.Runs.Campaigns;

/// <summary>Events of a campaign for tests, each a function of its number: two parameters, outputs as many as are wanted; every 13th failed.</summary>
internal static class Events
{
    /// <param name="outputs">With 16382 a row has 128 KiB and a block 8 rows; with 3 a block has 26,214.</param>
    public static Campaign Campaign(long rows, int outputs = 16_382, string key = "a", string name = "round-1") =>
        new(name, new string(key[0], 64), ["alpha", "beta"], [.. Enumerable.Range(1, outputs).Select(i => $"x_{i}")], rows);

    public static SimulationSet Of(Campaign campaign, long from, long to)
    {
        int k = campaign.Outputs.Count;
        double[] theta = new double[2 * (to - from)], x = new double[k * (to - from)];
        List<SimulationFailure> failures = [];
        for (long number = from; number < to; number++)
        {
            int row = (int)(number - from);
            Rng rng = new Rng(5).Split(number);
            rng.FillNormal(theta.AsSpan(2 * row, 2));
            rng.FillNormal(x.AsSpan(k * row, k));
            if (number % 13 == 12)
            {
                x.AsSpan(k * row, k).Fill(double.NaN);
                failures.Add(new SimulationFailure(number, theta[(2 * row)..((2 * row) + 2)], $"number {number}"));
            }
        }

        return SimulationSet.FromArrays(2, k, from, theta, x) with { Failures = [.. failures.Take(5)] };
    }

    public static SimulationSet Of(Campaign campaign, EventRange range) => Of(campaign, range.From, range.To);

    /// <summary>Fills the store of a file at once, and seals it.</summary>
    public static CampaignIndex Store(string path, Campaign campaign)
    {
        using SimulationStore store = Open(path, campaign);
        foreach (EventRange range in store.Missing())
        {
            store.Add(Of(campaign, range));
        }

        CampaignIndex index = store.Index();
        store.Seal([campaign.Name]);
        return index;
    }

    public static SimulationStore Open(string path, Campaign campaign) => SimulationStore.Open(path, campaign, warning => Assert.Fail(warning));
}

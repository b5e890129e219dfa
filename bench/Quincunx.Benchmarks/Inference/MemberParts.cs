using System.Globalization;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Replays;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What a member's step takes its time for.</summary>
internal static class MemberParts
{
    /// <summary>Where a step's time goes, and that of its kernels for several members at once: what is not a product could be one kernel for all.</summary>
    public static void Print(TextWriter output, string task, int rows, int members)
    {
        var problem = new MemberProblem(task, rows);
        MemberNetwork one = problem.Member(0, rows), wide = problem.Member(0, members * rows);
        Replay alone = one.Record(new ReplayMemory()), joined = wide.Record(new ReplayMemory());
        var gradient = GradientBuffer.Over([.. alone.Outputs.Skip(1)]);
        IOptimiser optimiser = problem.Optimiser(one.Parameters);
        (string Name, Action Run)[] parts =
        [
            ("filling the batch", () => one.Fill(problem.Rows(0, 0, rows))), ("loss and gradient", alone.Run),
            ("clipping", () => gradient.Clip(problem.Training.ClipNorm)), ("Adam", () => optimiser.Step(gradient.Values, 0)),
        ];
        double[] spent = Quarters([.. parts.Select(p => p.Run)]);
        output.WriteLine(string.Join(", ", parts.Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"{p.Name} {spent[i]:F1}"))) + " microseconds");
        ILookup<string, double> singly = Kinds(alone), together = Kinds(joined);
        output.WriteLine($"| kernels | number | microseconds, {rows} rows | {members} times as many, a member's share |");
        output.WriteLine("| --- | --- | --- | --- |");
        foreach (IGrouping<string, double> kind in singly.OrderByDescending(g => g.Sum()))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {kind.Key} | {kind.Count()} | {kind.Sum():F1} | {together[kind.Key].Sum() / members:F1} |"));
        }
    }

    public static bool IsProduct(ReplayStep step) => step.Kernel.Name.StartsWith("Column", StringComparison.Ordinal);

    // Kernels in their order, so that each finds in the caches what it does in a step.
    private static ILookup<string, double> Kinds(Replay replay)
    {
        double clock = Quarters([() => { }])[0];
        double[] times = Quarters([.. replay.Steps.Select(s => (Action)s.Run)]);
        return replay.Steps.Zip(times).ToLookup(
            s => IsProduct(s.First) ? "products" : s.First.Kernel.Name.Split('`')[0] switch
            {
                "SplineKernel" or "SplineGradientKernel" => "splines",
                "UnaryKernel" or "BinaryKernel" => "other element by element",
                "ReductionKernel" => "sums",
                _ => "the rest",
            },
            s => Math.Max(0, s.Second - clock));
    }

    // A quarter of the rounds takes less.
    private static double[] Quarters(IReadOnlyList<Action> actions)
    {
        const int Rounds = 1000;
        double[][] times = [.. actions.Select(_ => new double[Rounds])];
        for (int round = -200; round < Rounds; round++)
        {
            for (int i = 0; i < actions.Count; i++)
            {
                times[i][Math.Max(0, round)] = Timing.Microseconds(actions[i]);
            }
        }

        return [.. times.Select(t => t.Order().ElementAt(Rounds / 4))];
    }
}

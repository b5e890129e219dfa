using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Benchmarks.Inference;

/// <summary>What a member's step takes on one thread if the thread trains its members an epoch at a time, a step at a time, or all in one recorded step.</summary>
internal static class BatchedSteps
{
    // An epoch of 10,000 simulations. Rates are so small that all ways train the same networks.
    private const int StepsOfAnEpoch = 94;
    private const double Rate = 1e-9;

    /// <summary>All ways in turn, in another order each round, so that a machine busy with other work is so for each.</summary>
    /// <param name="rows">Of a batch, in whole registers.</param>
    /// <param name="rounds">Of which medians are taken; three before them do not count.</param>
    public static void Print(TextWriter output, string task, int rows, int rounds, IReadOnlyList<int> members)
    {
        var problem = new MemberProblem(task, rows);
        output.WriteLine("| members | way | step of a member, microseconds: fastest | processor, fastest | processor, median | over the first, median of rounds |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (int k in members)
        {
            var joined = new JoinedMembers(problem, k);
            (string Name, Action Epoch)[] ways =
            [
                ("a recording each, an epoch each in turn", Alone(problem, k, own: StepsOfAnEpoch)),
                ("a recording each, a step each in turn", Alone(problem, k, own: 1)),
                ("one recording, members one after the other", OneRecording(problem, k)),
                ("one recording, equal kernels side by side", joined.SideBySide),
                ("the same, all but products joined", joined.Epoch),
            ];
            double[][] wall = [.. ways.Select(_ => new double[rounds])], processor = [.. ways.Select(_ => new double[rounds])];
            for (int round = -3; round < rounds; round++)
            {
                for (int turn = 0; turn < ways.Length; turn++)
                {
                    int i = (turn + round + 3) % ways.Length, into = Math.Max(0, round);
                    TimeSpan used = Environment.CpuUsage.TotalTime;
                    wall[i][into] = Timing.Microseconds(ways[i].Epoch) / (k * StepsOfAnEpoch);
                    processor[i][into] = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / (k * StepsOfAnEpoch);
                }
            }

            for (int i = 0; i < ways.Length; i++)
            {
                double[] ratios = [.. processor[i].Select((p, r) => p / processor[0][r])];
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {k} | {ways[i].Name} | {wall[i].Min():F1} | {processor[i].Min():F1} | {Timing.Median(processor[i]):F1} | {Timing.Median(ratios):F2} |"));
            }

            output.Flush();
        }
    }

    private static Action Alone(MemberProblem problem, int k, int own)
    {
        MemberNetwork[] members = problem.Members(k);
        var memory = new ReplayMemory();
        Replay[] replays = [.. members.Select(m => m.Record(memory))];
        GradientBuffer[] gradients = [.. replays.Select(r => GradientBuffer.Over([.. r.Outputs.Skip(1)]))];
        IOptimiser[] optimisers = [.. members.Select(m => problem.Optimiser(m.Parameters))];
        return () =>
        {
            for (int i = 0; i < k * StepsOfAnEpoch; i++)
            {
                int m = i / own % k, step = (i / (own * k) * own) + (i % own);
                members[m].Fill(problem.Rows(step, m, problem.Batch));
                replays[m].Run();
                gradients[m].Clip(problem.Training.ClipNorm);
                optimisers[m].Step(gradients[m].Values, Rate);
            }
        };
    }

    private static Action OneRecording(MemberProblem problem, int k)
    {
        MemberNetwork[] members = problem.Members(k);
        Replay replay = MemberNetwork.Record(() => [.. members.SelectMany(m => m.Differentiate())], new ReplayMemory());
        int outputs = replay.Outputs.Count / k;
        Tensor[][] each = [.. replay.Outputs.Chunk(outputs).Select(o => o[1..])];
        GradientBuffer[] gradients = [.. each.Select(GradientBuffer.Over)];
        Tensor[] all = [.. each.SelectMany(g => g)];
        IOptimiser optimiser = problem.Optimiser([.. members.SelectMany(m => m.Parameters)]);
        return () =>
        {
            for (int step = 0; step < StepsOfAnEpoch; step++)
            {
                problem.Fill(members, step);
                replay.Run();
                Array.ForEach(gradients, g => g.Clip(problem.Training.ClipNorm));
                optimiser.Step(all, Rate);
            }
        };
    }

    /// <summary>Members of which each kernel runs for all before the next; those that multiply no weights may be one kernel on what lies side by side in memory.</summary>
    /// <remarks>
    /// What lies where is that of one network on the rows of all, whose kernels stand for the joined ones. They take those lengths for one network's columns, so that the numbers are not those of the members: only the time is right.
    /// </remarks>
    private sealed class JoinedMembers
    {
        private readonly MemberProblem _problem;
        private readonly MemberNetwork[] _members;
        private readonly ReplayStep[][] _each;
        private readonly ReplayStep?[] _joined;             // null where each member runs its own
        private readonly GradientBuffer[] _gradients;
        private readonly IOptimiser[] _optimisers;

        public JoinedMembers(MemberProblem problem, int k)
        {
            (_problem, _members) = (problem, problem.Members(k));
            Replay[] replays = [.. _members.Select(m => m.Record(new ReplayMemory()))];
            _each = [.. replays.Select(r => r.Steps.ToArray())];
            _gradients = [.. replays.Select(r => GradientBuffer.Over([.. r.Outputs.Skip(1)]))];
            _optimisers = [.. _members.Select(m => problem.Optimiser(m.Parameters))];
            Replay wide = problem.Member(k, k * problem.Batch).Record(new ReplayMemory());
            _joined = [.. wide.Steps.Select(s => MemberParts.IsProduct(s) ? null : s)];
            LaySideBySide(wide);
        }

        public void SideBySide() => Run(join: false);

        public void Epoch() => Run(join: true);

        private void Run(bool join)
        {
            for (int step = 0; step < StepsOfAnEpoch; step++)
            {
                _problem.Fill(_members, step);
                for (int i = 0; i < _joined.Length; i++)
                {
                    if (join && _joined[i] is { } kernel)
                    {
                        kernel.Run();
                        continue;
                    }

                    foreach (ReplayStep[] own in _each)
                    {
                        own[i].Run();
                    }
                }

                for (int m = 0; m < _members.Length; m++)
                {
                    double norm = _gradients[m].Clip(_problem.Training.ClipNorm);
                    Trace.Assert(double.IsFinite(norm), "Numbers that are none may take another time.");
                    _optimisers[m].Step(_gradients[m].Values, Rate);
                }
            }
        }

        // The plan of the wide recording in memory of our own, and each member's results inside of it.
        private void LaySideBySide(Replay wide)
        {
            Storage[] results = [.. wide.Steps.SelectMany(s => s.Written).Distinct()];
            long[] places = [.. results.Select(r => (long)Unsafe.ByteOffset(ref results[0].Span<byte>(0, 1)[0], ref r.Span<byte>(0, 1)[0]))];
            long first = places.Min();
            byte[] block = GC.AllocateArray<byte>((int)(wide.PlannedBytes + StoragePool.Alignment), pinned: true);
            int start = Storage.FirstAligned(block);
            Dictionary<Storage, int> moved = [];
            for (int r = 0; r < results.Length; r++)
            {
                moved.Add(results[r], start + (int)(places[r] - first));
                results[r].Move(block, moved[results[r]]);
            }

            for (int m = 0; m < _each.Length; m++)
            {
                foreach ((ReplayStep own, ReplayStep all) in _each[m].Zip(wide.Steps))
                {
                    foreach ((Storage a, Storage b) in own.Written.Zip(all.Written).Where(p => p.Second.Bytes == _each.Length * (long)p.First.Bytes))
                    {
                        a.Move(block, moved[b] + (m * a.Bytes));
                    }
                }
            }

            wide.Run();
        }
    }
}

using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline.Mining;

/// <summary>The same of a program. Scores are asked for many events at once; with ratios each event is a request of its own, since the hypotheses of a request are those of all its events.</summary>
/// <param name="order">Of the parameters, as the study has them.</param>
/// <param name="others">Null where ratios are not wanted.</param>
internal sealed class MinedProgramEvents(ProgramSimulator program, IReadOnlyList<string> order, MinedColumns columns, OtherHypotheses? others) : IBatchSimulator
{
    private readonly ParameterOrder _order = new(program.ParameterNames, order);

    public IReadOnlyList<string> ParameterNames => order;

    public IReadOnlyList<string> OutputNames => columns.Names;

    public int Concurrency => program.Concurrency;

    public int BatchRows => others is null ? program.BatchRows : 1;

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        string?[] failure = [null];
        Simulate(theta, x, [rng], failure, CancellationToken.None);
        if (failure[0] is { } reason)
        {
            throw new InvalidOperationException(reason);
        }
    }

    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
    {
        int d = order.Count, width = columns.Names.Count, step = others is null ? Math.Max(1, streams.Length) : 1;
        for (int row = 0; row < streams.Length; row += step)
        {
            Run(theta.Slice(row * d, step * d), x.Slice(row * width, step * width), streams.Slice(row, step), failures.Slice(row, step), cancel);
        }
    }

    private void Run(ReadOnlySpan<double> theta, Span<double> x, ReadOnlySpan<Rng> streams, Span<string?> failures, CancellationToken cancel)
    {
        int n = streams.Length, d = order.Count, width = columns.Names.Count, k = width - MinedColumns.Extra(others is null ? MinedParts.Scores : MinedParts.ScoresAndRatios, d);
        double[] ordered = new double[n * d], outputs = new double[n * k], scores = new double[n * d], hypothesis = [], ratio = [];
        _order.Inward(theta, ordered);
        if (others is not null)
        {
            others.Draw(theta, columns.Other(x), streams[0].Split("other"));
            (hypothesis, ratio) = (new double[d], new double[1]);
            _order.Inward(columns.Other(x), hypothesis);
        }

        long[] seeds = new long[n];
        for (int i = 0; i < n; i++)
        {
            seeds[i] = ProgramSimulator.SeedOf(streams[i]);
        }

        program.Run(new ProgramBatch { Theta = ordered, Seeds = seeds, X = outputs, Failures = failures, Hypotheses = hypothesis, LogRatios = ratio, Score = scores }, cancel);
        for (int i = 0; i < n; i++)
        {
            Span<double> row = x.Slice(i * width, width);
            outputs.AsSpan(i * k, k).CopyTo(columns.X(row));
            _order.Outward(scores.AsSpan(i * d, d), columns.Score(row));
            if (others is not null)
            {
                columns.LogRatio(row)[0] = ratio[0];
                columns.Finish(row);
            }

            if (failures[i] is not null)
            {
                row.Fill(double.NaN);
            }
        }
    }
}

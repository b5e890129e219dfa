using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Runs.Execution;

/// <summary>Makes simulations on the threads of this process. What is finished is stored by a thread of its own, so that simulators need not wait for the disk.</summary>
/// <param name="betweenCommits">What a kill can cost; five seconds if null.</param>
internal sealed class ThreadsEngine(TimeSpan? betweenCommits = null) : IEngine
{
    private readonly TimeSpan _betweenCommits = betweenCommits ?? TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public void Make(CampaignWork work, CancellationToken cancel)
    {
        using var run = new Run(work, _betweenCommits);
        run.Make(cancel);
    }

    private sealed class Run(CampaignWork work, TimeSpan betweenCommits) : IDisposable
    {
        // What waits for the disk before simulators do: a disk that is written to steadily stops for tenths of a second at a time.
        private const long MostWaiting = 64L << 20;
        private const int PartOfMemory = 8, PieceRows = 64, FewestPieces = 16;

        private readonly TimeProvider _clock = work.Model.Clock;
        private readonly SimulationOptions _options = new() { Clock = work.Model.Clock };
        private readonly BlockingCollection<SimulationSet> _finished = new(
            (int)Math.Max(FewestPieces, Math.Min(MostWaiting, work.Model.Study.Inference.Memory / PartOfMemory) / ((long)PieceRows * work.Campaign.RowBytes)));
        private readonly List<SimulationSet> _doubtful = [];        // failures, while nothing has succeeded
        private readonly CancellationTokenSource _broken = new();
        private ExceptionDispatchInfo? _fault;

        public void Make(CancellationToken cancel)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _broken.Token);
            var store = new Thread(Store) { IsBackground = true, Name = "simulations to the disk" };
            store.Start();
            try
            {
                Simulate(stop.Token);
            }
            catch (OperationCanceledException) when (_broken.IsCancellationRequested)
            {
                // What broke is thrown below.
            }
            finally
            {
                _finished.CompleteAdding();
                store.Join();
            }

            _fault?.Throw();
            RequireSuccess();
        }

        public void Dispose()
        {
            _finished.Dispose();
            _broken.Dispose();
        }

        private void Simulate(CancellationToken stop)
        {
            var runner = new SimulationRunner(work.Model.Events(work.Law), _options);
            bool isFresh = work.Store.Count.Events == 0;
            foreach (EventRange range in work.Store.Missing())
            {
                // The first events come alone, so that a simulator that cannot work at all is noticed before it has been run for nothing.
                long trial = Math.Clamp(_options.TrialEvents, range.From, range.To);
                int failed = 0;
                work.Law.RunPieces(
                    runner, range.From, trial, work.Stream,
                    piece =>
                    {
                        failed += piece.FailedRows.Count;
                        HandOver(piece);
                    },
                    stop);
                if (isFresh && trial > range.From && failed == trial)
                {
                    return;
                }

                work.Law.RunPieces(runner, trial, range.To, work.Stream, HandOver, stop);
            }
        }

        // After a cancellation too: what is finished is kept.
        private void HandOver(SimulationSet piece) => _finished.Add(piece, _broken.Token);

        // The thread that stores: to the end of what is finished, also after a cancellation.
        private void Store()
        {
            try
            {
                long committed = _clock.GetTimestamp();
                while (!_finished.IsCompleted)
                {
                    if (_finished.TryTake(out SimulationSet? piece, betweenCommits))
                    {
                        Take(piece);
                    }

                    // Also between events that take long: what has come since the last commit would wait for the next one.
                    if (piece is null || _clock.GetElapsedTime(committed) > betweenCommits)
                    {
                        work.Store.Commit();
                        committed = _clock.GetTimestamp();
                    }
                }

                work.Store.Commit();
            }
            catch (Exception e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
                _broken.Cancel();
            }
        }

        private void Take(SimulationSet piece)
        {
            // Failures alone are not stored: what was wrong may be the machine, and then the next run should not take them over.
            if (work.Store.Count is var count && count.Events == count.Failed && piece.FailedRows.Count == piece.Count)
            {
                _doubtful.Add(piece);
                return;
            }

            foreach (SimulationSet doubtful in _doubtful)
            {
                work.Store.Add(doubtful);
            }

            _doubtful.Clear();
            work.Store.Add(piece);
            work.Report();
        }

        private void RequireSuccess()
        {
            if (_doubtful.Count > 0)
            {
                throw work.AllFailed(_doubtful.Sum(p => p.Count), _doubtful.SelectMany(p => p.Failures).MinBy(f => f.Index));
            }
        }
    }
}

using System.Runtime.ExceptionServices;
using Quincunx.Inference.Simulation;
using Quincunx.Runs.Campaigns;

namespace Quincunx.Runs.Execution;

/// <summary>Makes simulations on the threads of this process.</summary>
internal sealed class ThreadsEngine : IEngine
{
    // What a kill can cost.
    private static readonly TimeSpan BetweenCommits = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public void Make(CampaignWork work, CancellationToken cancel) => new Run(work).Make(cancel);

    private sealed class Run(CampaignWork work)
    {
        private readonly TimeProvider _clock = work.Model.Clock;
        private readonly SimulationOptions _options = new() { Clock = work.Model.Clock };
        private readonly List<SimulationSet> _doubtful = [];        // failures, while nothing has succeeded
        private readonly Lock _idle = new();
        private long _committed = work.Model.Clock.GetTimestamp();
        private ExceptionDispatchInfo? _fault;
        private bool _ended;

        public void Make(CancellationToken cancel)
        {
            var runner = new SimulationRunner(work.Model.Study.Simulator, _options);
            using ITimer timer = _clock.CreateTimer(_ => CommitIdle(), state: null, BetweenCommits, BetweenCommits);
            try
            {
                foreach (EventRange range in Parts(work.Store.Missing()))
                {
                    if (range.From >= _options.TrialEvents)
                    {
                        RequireSuccess();
                    }

                    runner.RunPieces(work.Prior, range.From, range.To, work.Stream, Take, progress: null, cancel);
                }

                RequireSuccess();
                work.Store.Commit();
            }
            catch (OperationCanceledException)
            {
                work.Store.Commit();
                throw;
            }
            finally
            {
                lock (_idle)
                {
                    _ended = true;              // a tick that is on its way finds the store closed
                }
            }
        }

        // The first events come alone, so that a simulator that cannot work at all is noticed before it has been run for nothing.
        private IEnumerable<EventRange> Parts(IReadOnlyList<EventRange> ranges)
        {
            foreach (EventRange range in ranges)
            {
                long cut = Math.Clamp(_options.TrialEvents, range.From, range.To);
                if (cut > range.From)
                {
                    yield return range with { To = cut };
                }

                if (cut < range.To)
                {
                    yield return range with { From = cut };
                }
            }
        }

        private void Take(SimulationSet piece)
        {
            _fault?.Throw();

            // Failures alone are not stored: what was wrong may be the machine, and then the next run should not take them over.
            if (work.Store.Count is var count && count.Events == count.Failed && piece.FailedRows.Count == piece.Count)
            {
                _doubtful.Add(piece);
                return;
            }

            Keep();
            work.Store.Add(piece);
            if (_clock.GetElapsedTime(_committed) > BetweenCommits)
            {
                work.Store.Commit();
                _committed = _clock.GetTimestamp();
            }

            work.Report();
        }

        private void Keep()
        {
            foreach (SimulationSet piece in _doubtful)
            {
                work.Store.Add(piece);
            }

            _doubtful.Clear();
        }

        private void RequireSuccess()
        {
            if (_doubtful.Count > 0)
            {
                throw work.AllFailed(_doubtful.Sum(p => p.Count), _doubtful.SelectMany(p => p.Failures).MinBy(f => f.Index));
            }
        }

        // Between events that take long: what has come since the last commit would wait for the next one.
        private void CommitIdle()
        {
            lock (_idle)
            {
                if (_ended || _fault is not null)
                {
                    return;
                }

                try
                {
                    work.Store.Commit();
                }
                catch (Exception e)
                {
                    _fault = ExceptionDispatchInfo.Capture(e);
                }
            }
        }
    }
}

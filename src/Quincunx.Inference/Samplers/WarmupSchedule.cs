namespace Quincunx.Inference.Samplers;

/// <summary>When the warm-up learns the metric: in windows that double, between a stretch to arrive and one to settle the step size.</summary>
/// <remarks>
/// The scheme of Stan's reference manual, "HMC algorithm parameters: automatic parameter tuning": 75 iterations to arrive, windows of 25, 50, 100 and so on with the last stretched to the end, 50 iterations to settle; 15 %, 75 % and 10 %
/// of a warm-up shorter than 150, but 10 iterations at least to settle; no metric below 20.
/// </remarks>
internal sealed class WarmupSchedule
{
    // Dual averaging begins at ten times the step that was found: after fewer iterations its average still remembers that.
    private const int FewestToSettle = 10;

    private readonly int _start, _end;
    private int _size, _begin, _next;

    public WarmupSchedule(int warmup)
    {
        int settle;
        (_start, settle, _size) = warmup < 20 ? (warmup, 0, 0) : warmup < 150 ? ((int)(0.15 * warmup), Math.Max(FewestToSettle, (int)(0.1 * warmup)), 0) : (75, 50, 25);
        _end = warmup - settle;
        _size = _size == 0 ? _end - _start : _size;
        (_begin, _next) = (_start, Stretched(_start + _size));
    }

    /// <summary>Whether the points after this iteration belong to a window.</summary>
    public bool IsInWindow(int iteration) => iteration >= _start && iteration < _end;

    /// <summary>Whether an iteration is in the second half of the window under way.</summary>
    public bool IsInSecondHalf(int iteration) => iteration - _begin >= _next - iteration;

    /// <summary>Whether a window ends with this iteration. To be asked of each iteration once, in order.</summary>
    public bool Closes(int iteration)
    {
        if (iteration + 1 != _next || !IsInWindow(iteration))
        {
            return false;
        }

        _size *= 2;
        (_begin, _next) = (_next, Stretched(_next + _size));
        return true;
    }

    // Where the window after it would not fit, this one takes what is left.
    private int Stretched(int end) => end + (2 * _size) > _end ? _end : end;
}

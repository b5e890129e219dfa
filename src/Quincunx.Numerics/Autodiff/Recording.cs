using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>Whether operations of this thread on tracked tensors are recorded. On by default.</summary>
public static class Recording
{
    [ThreadStatic]
    private static int _paused;

    public static bool IsOn => _paused == 0;

    /// <summary>Stops recording until disposed, for evaluation without derivatives.</summary>
    public static Pause Off()
    {
        _paused++;
        return default;
    }

    /// <summary>Records the operation if it has to be.</summary>
    internal static Tensor Of(Tensor result, PullBack rule, Tensor input) =>
        IsOn && input.IsTracked ? result.RecordedAs(new Node(rule, input)) : result;

    internal static Tensor Of(Tensor result, PullBack rule, Tensor a, Tensor b) =>
        IsOn && (a.IsTracked || b.IsTracked) ? result.RecordedAs(new Node(rule, a, b)) : result;

    internal static Tensor Of(Tensor result, PullBack rule, params Tensor[] inputs) =>
        IsOn && Array.Exists(inputs, x => x.IsTracked) ? result.RecordedAs(new Node(rule, inputs)) : result;

    /// <summary>Ends a pause when disposed.</summary>
    public readonly struct Pause : IDisposable
    {
        public void Dispose() => _paused--;
    }
}

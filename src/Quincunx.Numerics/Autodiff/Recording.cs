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

    /// <summary>Records again until disposed, inside of any number of pauses: for a computation that is itself made of derivatives, such as a force from an energy.</summary>
    public static Resumption Resume()
    {
        var resumption = new Resumption(_paused);
        _paused = 0;
        return resumption;
    }

    /// <summary>Records the operation if it has to be. The result must be fresh: nobody else has seen it yet.</summary>
    internal static Tensor Of(Tensor result, PullBack rule, Tensor input, double number = 0) =>
        input.IsTracked && IsOn ? result.Recorded(new Node(rule, number, input)) : result;

    internal static Tensor Of(Tensor result, PullBack rule, Tensor a, Tensor b) =>
        (a.IsTracked || b.IsTracked) && IsOn ? result.Recorded(new Node(rule, 0, a, b)) : result;

    internal static Tensor Of(Tensor result, PullBack rule, params ReadOnlySpan<Tensor> inputs)
    {
        if (IsOn)
        {
            foreach (Tensor input in inputs)
            {
                if (input.IsTracked)
                {
                    return result.Recorded(new Node(rule, 0, inputs.ToArray()));
                }
            }
        }

        return result;
    }

    /// <summary>Ends a pause when disposed.</summary>
    public readonly struct Pause : IDisposable
    {
        public void Dispose() => _paused--;
    }

    /// <summary>Goes back to the pauses there were when disposed.</summary>
    public readonly struct Resumption : IDisposable
    {
        private readonly int _before;

        internal Resumption(int before) => _before = before;

        public void Dispose() => _paused = _before;
    }
}

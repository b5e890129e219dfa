namespace Quincunx.Tests.Inference.Training;

/// <summary>Calls back on the reporting thread, which Progress does not.</summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}

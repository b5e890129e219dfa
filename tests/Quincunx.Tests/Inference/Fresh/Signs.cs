using Quincunx.Inference.Fresh;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Fresh;

// snippet: augmentation
/// <summary>Of a linear model, where prior and noise do not know plus from minus.</summary>
internal sealed class Signs : IAugmentation
{
    public void Change(Span<double> theta, Span<double> output, Rng rng)
    {
        double sign = rng.NextDouble() < 0.5 ? -1 : 1;
        foreach (ref double value in theta)
        {
            value *= sign;
        }

        foreach (ref double value in output)
        {
            value *= sign;
        }
    }
}
// end-snippet

using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>The eight numbers of <see cref="Slcp"/> among 92 that say nothing of the parameters.</summary>
/// <remarks>
/// The task "SLCP with distractors" of Lueckmann et al. 2021 (arXiv:2101.04653), prior Uniform(−3, 3)⁵. The distractors are from a mixture of 20 multivariate Student's t
/// with 2 degrees of freedom, without finite variance, and all 100 are permuted. They are independent of the rest, so the posterior is that of <see cref="Slcp"/> given
/// the <see cref="InformativeOutputs"/>. The density of the distractors is out of reach of float64 (their covariances are all but singular), hence no likelihood.
/// </remarks>
public sealed class SlcpDistractors : IMechanism
{
    private const int Informative = 8;
    private readonly int[] _places;
    private readonly DistractorNoise _noise = DistractorNoise.Published;

    /// <summary>Makes the constants of the task where they have not been made before, some milliseconds.</summary>
    public SlcpDistractors()
    {
        _places = new int[_noise.Permutation.Length];
        for (int i = 0; i < _places.Length; i++)
        {
            _places[_noise.Permutation[i]] = i;
        }

        OutputNames = [.. Enumerable.Range(1, _places.Length).Select(i => $"x_{i}")];
    }

    /// <summary>Where SLCP's outputs are among these: output k of it is output <c>InformativeOutputs[k]</c>. Shape <c>[8]</c>.</summary>
    public ReadOnlySpan<int> InformativeOutputs => _places.AsSpan(0, Informative);

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["theta_1", "theta_2", "theta_3", "theta_4", "theta_5"];

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Choices: the informative outputs, and for the distractors <c>component</c>, 0 to 19, <c>precision</c> and <c>noise[number]</c>. Computed: as in <see cref="Slcp"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Slcp.Run(theta, x, ref trace, InformativeOutputs);
        _noise.Run(x, ref trace, _places.AsSpan(Informative));
    }
}

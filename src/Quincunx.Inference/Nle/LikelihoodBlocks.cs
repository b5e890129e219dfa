using Quincunx.Inference.Distributions;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nle;

/// <summary>Pairs in blocks as a likelihood learns from them: checked, whole numbers spread by noise that is the same each time a block is read.</summary>
/// <param name="continuousOnly">Leaves out the features that are categories, for finding scales.</param>
internal sealed class LikelihoodBlocks(IPairBlocks pairs, SupportBijection support, FeatureLayout layout, Rng noise, bool continuousOnly) : IPairBlocks
{
    private double[] _x = [];

    public int ParameterCount => pairs.ParameterCount;

    public int OutputCount => continuousOnly ? layout.Continuous.Length : layout.Features;

    public IReadOnlyList<int> Rows => pairs.Rows;

    public int Excluded => pairs.Excluded;

    public void Read(int block, Span<double> theta, Span<double> x)
    {
        int numbers = pairs.Rows[block] * layout.Features;
        if (_x.Length < numbers)
        {
            _x = new double[numbers];
        }

        Span<double> own = _x.AsSpan(0, numbers);
        pairs.Read(block, theta, own);
        for (int i = 0; i < theta.Length; i++)
        {
            Support s = support.Supports[i % ParameterCount];
            if (!s.Contains(theta[i]))
            {
                throw new ArgumentException($"Expected parameter {i % ParameterCount} in [{s.Lower}, {s.Upper}], got {theta[i]:R} in block {block}.");
            }
        }

        layout.CheckLevels(own);
        layout.AddNoise(own, noise.Split(block));
        (continuousOnly ? layout.ContinuousOf(own) : own).CopyTo(x);
    }
}

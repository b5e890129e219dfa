using Quincunx.Inference.Distributions;
using Quincunx.Inference.Equivariance;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>The start of a line moves all of its three outputs; or breaks what a group promises, as its option says.</summary>
public sealed class OwnTranslation(string kind) : IPoseGroup
{
    public int Dimension => 2;

    public int PoseDimension => 1;

    public int Features => kind == "features" ? 4 : 3;

    public bool IsDiscrete => false;

    public IReadOnlyList<Support> PoseSupports(IReadOnlyList<Support> prior) => [prior[0]];

    public IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel) => [new Support(-kernel[0].Upper, -kernel[0].Lower), prior[1]];

    public void PoseOf(ReadOnlySpan<double> theta, Span<double> pose) => pose[0] = kind == "throws" ? throw new InvalidOperationException("no pose") : theta[0];

    public double Compose(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> product)
    {
        product[0] = first[0] + second[0];
        return 0;
    }

    public void Invert(ReadOnlySpan<double> pose, Span<double> inverse) => inverse[0] = -pose[0];

    public void Nearest(ReadOnlySpan<double> pose, Span<double> element) => element[0] = pose[0];

    public double MoveTheta(ReadOnlySpan<double> pose, ReadOnlySpan<double> theta, Span<double> moved)
    {
        (moved[0], moved[1]) = (theta[0] + (kind == "law" ? 2 * pose[0] : pose[0]), theta[1]);
        return kind == "slope" ? 1 : 0;
    }

    public void MoveX(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> moved)
    {
        for (int i = 0; i < x.Length; i++)
        {
            moved[i] = x[i] + pose[0];
        }
    }
}

namespace Quincunx.Numerics.Random;

/// <summary>Tables of the 256-layer ziggurat under exp(-x²/2).</summary>
/// <remarks>
/// Marsaglia and Tsang 2000, J. Stat. Softw. 5(8). Every layer has area <c>Area</c>; layer 0 is the base strip with the tail
/// beyond <see cref="Edge"/>, so its width is area over height. Edge and area solve "the top layer closes at density 1",
/// found here to 25 digits.
/// </remarks>
internal static class Ziggurat
{
    /// <summary>Where the tail starts.</summary>
    public const double Edge = 3.6541528853610087716;

    private const double Area = 0.0049286732339746553474;

    /// <summary>Right ends of the layers, decreasing; shape <c>[257]</c>, last 0.</summary>
    public static readonly double[] Width = BuildWidths();

    /// <summary>exp(-x²/2) at <see cref="Width"/>.</summary>
    public static readonly double[] Height = [.. Width.Select(x => Math.Exp(-0.5 * x * x))];

    private static double[] BuildWidths()
    {
        double[] width = new double[257];
        width[0] = Area / Math.Exp(-0.5 * Edge * Edge);
        width[1] = Edge;
        for (int i = 2; i < 256; i++)
        {
            double x = width[i - 1];
            width[i] = Math.Sqrt(-2 * Math.Log(Area / x + Math.Exp(-0.5 * x * x)));
        }

        return width;
    }
}

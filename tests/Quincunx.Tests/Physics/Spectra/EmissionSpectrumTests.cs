using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Spectra;

namespace Quincunx.Tests.Physics.Spectra;

public sealed class EmissionSpectrumTests
{
    private static readonly double[] Theta = [1150, 0.1, -0.3, 0.2, 0.4, 0.3];

    [Fact]
    public void Wavelengths_AreTheGridOfResolution400()
    {
        Assert.Equal(379, EmissionSpectrum.Wavelengths.Count);
        Assert.Equal(0.95, EmissionSpectrum.Wavelengths[0], 1e-12);
        Assert.Equal(2.45, EmissionSpectrum.Wavelengths[^1], 1e-12);

        // λ / Δλ, with Δλ to the next bin: 1 / ln of their ratio but for a relative 1 / 800.
        Assert.All(
            Enumerable.Range(0, 378),
            i => Assert.Equal(400, EmissionSpectrum.Wavelengths[i] / (EmissionSpectrum.Wavelengths[i + 1] - EmissionSpectrum.Wavelengths[i]), 2.0));
    }

    [Fact]
    public void Flux_WithoutAbsorption_IsPlancksLaw()
    {
        // Columns of 1e-300 and no haze leave the black body. Ratios of Planck's law in SI units, computed beside: h, c, k exact by definition.
        double[] flux = new double[EmissionSpectrum.Bins];
        EmissionSpectrum.Flux<double>([1350, 0.2, -300, -300, -300, 0], flux);
        const double H = 6.62607015e-34, C = 299792458, K = 1.380649e-23;
        static double Planck(double metres, double kelvin) => 2 * H * C * C / Math.Pow(metres, 5) / (Math.Exp(H * C / (metres * K * kelvin)) - 1);
        for (int i = 0; i < flux.Length; i += 42)
        {
            double expected = Math.Pow(10, 0.2) * Planck(EmissionSpectrum.Wavelengths[i] * 1e-6, 1350) / Planck(1.6e-6, 1200);
            Assert.Equal(1, flux[i] / expected, 1e-6);      // the second radiation constant is rounded to 10 digits
        }
    }

    [Fact]
    public void Flux_OpticalDepth_IsLinearInColumnsAndHaze()
    {
        double[] bare = Flux([1200, 0, -300, -300, -300, 0]), water = Flux([1200, 0, 0, -300, -300, 0]), twice = Flux([1200, 0, Math.Log10(2), -300, -300, 0.5]);
        for (int i = 0; i < bare.Length; i++)
        {
            double haze = 0.5 / Math.Pow(EmissionSpectrum.Wavelengths[i], 2), depth = Math.Log(bare[i] / water[i]);
            Assert.Equal((2 * depth) + haze, Math.Log(bare[i] / twice[i]), 1e-9);
        }

        // Water absorbs at 1.4 µm with a depth of 1 at a column of 1, up to the wings of its other bands, and not at 1.6 µm.
        int Nearest(double at) => Enumerable.Range(0, EmissionSpectrum.Bins).MinBy(i => Math.Abs(EmissionSpectrum.Wavelengths[i] - at));
        Assert.Equal(1, Math.Log(bare[Nearest(1.4)] / water[Nearest(1.4)]), 0.002);
        Assert.InRange(Math.Log(bare[Nearest(1.63)] / water[Nearest(1.63)]), 0, 0.08);
    }

    [Fact]
    public void Flux_BinByBin_IsThatOfManyAtOnce()
    {
        // Other number types go bin by bin; float32 has seven digits, of which a difference of exponentials keeps six.
        float[] single = new float[EmissionSpectrum.Bins];
        EmissionSpectrum.Flux<float>([.. Theta.Select(v => (float)v)], single);
        double[] flux = Flux(Theta);
        Assert.All(Enumerable.Range(0, flux.Length), i => Assert.Equal(flux[i], single[i], 1e-5 * flux[i]));
    }

    [Fact]
    public void Slopes_AreCentralDifferences()
    {
        double[] flux = new double[EmissionSpectrum.Bins], slopes = new double[6 * EmissionSpectrum.Bins];
        EmissionSpectrum.Flux(Theta, flux, slopes);
        Assert.Equal(Flux(Theta), flux);
        for (int p = 0; p < 6; p++)
        {
            double step = p == 0 ? 1e-2 : 1e-5;
            double[] above = Flux([.. Theta.Select((v, i) => i == p ? v + step : v)]), below = Flux([.. Theta.Select((v, i) => i == p ? v - step : v)]);
            for (int i = 0; i < flux.Length; i++)
            {
                double expected = (above[i] - below[i]) / (2 * step);
                Assert.Equal(expected, slopes[(p * flux.Length) + i], 1e-8 * (1 + Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void LogLikelihood_IsThatOfIndependentNormals()
    {
        var spectrum = new EmissionSpectrum(noise: 0.2);
        double[] x = new double[EmissionSpectrum.Bins], flux = Flux(Theta);
        ((ISimulator)spectrum).Simulate(Theta, x, new Rng(1));
        double squares = x.Zip(flux, (a, b) => (a - b) * (a - b)).Sum();
        Assert.Equal((-0.5 * squares / 0.04) - (379 * (Math.Log(0.2) + (0.5 * Math.Log(2 * Math.PI)))), spectrum.LogLikelihood(Theta, x), 1e-9);

        // Σ (x - f)² / σ² is chi-squared of 379 degrees: 4.5 of its standard deviations √758.
        Assert.Equal(379, squares / 0.04, 4.5 * Math.Sqrt(758));
    }

    [Fact]
    public void CleanSpectrum_DrawsNothing()
    {
        double[] x = new double[EmissionSpectrum.Bins];
        new CleanSpectrum().Simulate(Theta, x, new Rng(1));
        Assert.Equal(Flux(Theta), x);
        Assert.Equal(new EmissionSpectrum().OutputNames, new CleanSpectrum().OutputNames);
    }

    [Fact]
    public void BadInput_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmissionSpectrum(0));
        Assert.Contains("6 parameters and 379 bins, got 5 and 379", Assert.Throws<ArgumentException>(() => Flux([1, 2, 3, 4, 5])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Flux([0, 0, 0, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => Flux([1200, double.NaN, 0, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => EmissionSpectrum.Flux(Theta, new double[379], new double[379]));
    }

    private static double[] Flux(double[] theta)
    {
        double[] flux = new double[EmissionSpectrum.Bins];
        EmissionSpectrum.Flux<double>(theta, flux);
        return flux;
    }
}

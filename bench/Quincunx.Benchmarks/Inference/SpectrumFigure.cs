using System.Globalization;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Pilots;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Spectra;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Reports.Figures;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Spectra at three noise levels over what one network predicts.</summary>
internal static class SpectrumFigure
{
    // Every third bin, so that points can be told apart.
    private const int Draws = 1000, Stride = 3;

    /// <param name="path">Weights that <see cref="SpectrumScores.Train"/> wrote.</param>
    /// <param name="figure">SVG to write.</param>
    public static void Write(string path, string figure, ulong seed)
    {
        PilotPosterior posterior = PilotPosteriorEstimation.Untrained(new SupportBijection(SpectrumSetting.Prior), SpectrumSetting.Pilot(), SpectrumSetting.Corrector);
        ModuleState.Import(posterior, TensorArrays.Read(path));
        int[] bins = [.. Enumerable.Range(0, EmissionSpectrum.Bins).Where(i => i % Stride == 0)];
        var series = SpectrumScores.Levels.Select(level =>
        {
            Rng own = new Rng(seed).Split("observation").Split(0);
            (_, double[] x) = SpectrumSetting.Observe(level, own);
            double[] thetas = new double[Draws * EmissionSpectrum.Parameters], flux = new double[EmissionSpectrum.Bins], predicted = new double[Draws * bins.Length];
            posterior.Sample(x, thetas, own.Split("draws"));
            Rng noise = own.Split("predicted");
            for (int i = 0; i < Draws; i++)
            {
                EmissionSpectrum.Flux<double>(thetas.AsSpan(i * EmissionSpectrum.Parameters, EmissionSpectrum.Parameters), flux);
                for (int j = 0; j < bins.Length; j++)
                {
                    predicted[(i * bins.Length) + j] = flux[bins[j]] + (level * noise.NextNormal());
                }
            }

            return new PredictiveSeries
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"flux, noise {level}"),
                Coordinates = [.. bins.Select(i => EmissionSpectrum.Wavelengths[i])],
                Observed = [.. bins.Select(i => x[i])],
                Posterior = predicted,
            };
        });
        AtomicFile.WriteText(figure, "figure", new PredictivePlot([.. series], "wavelength, µm").ToSvg());
    }
}

using Quincunx.Inference.Distributions;
using Quincunx.Inference.Pilots;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Spectra;

namespace Quincunx.Benchmarks.Inference;

/// <summary>Draws of NUTS on the exact likelihood of a spectrum.</summary>
/// <remarks>
/// Chains walk in a pilot's coordinates, in which the posterior is nearly standard normal; in those of the prior's support edges bend it, and chains there did not converge. The force is a central difference: a trajectory is reversible and keeps volumes under any force
/// that is a function of the place, so that the draws stay exact.
/// </remarks>
internal static class SpectrumReference
{
    public const int Draws = 10_000;
    private const int Chains = 8, Thinning = 2, Warmup = 500;
    private const double Step = 1e-4;

    /// <summary>Chains from standard normal numbers of twice the width.</summary>
    /// <returns>In the pilot's coordinates, and the draws as parameters, <c>[Draws, 6]</c>.</returns>
    public static (ChainResult Chains, double[] Thetas) Run(double level, IPilot pilot, double[] x, Rng rng)
    {
        int d = EmissionSpectrum.Parameters;
        double[] start = new double[Chains * d], thetas = new double[Draws * d];
        rng.Split("start").FillNormal(start);
        for (int i = 0; i < start.Length; i++)
        {
            start[i] *= 2;
        }

        using var frames = new ThreadLocal<PilotFrame>(() => Frame(pilot, x));
        var spectrum = new EmissionSpectrum(level);
        var target = new GradientFunctionTarget(d, (w, gradient) =>
        {
            Span<double> moved = stackalloc double[w.Length];
            w.CopyTo(moved);
            for (int j = 0; j < w.Length; j++)
            {
                moved[j] = w[j] + Step;
                double above = LogDensity(spectrum, frames.Value!, x, moved);
                moved[j] = w[j] - Step;
                gradient[j] = (above - LogDensity(spectrum, frames.Value!, x, moved)) / (2 * Step);
                moved[j] = w[j];
            }

            return LogDensity(spectrum, frames.Value!, x, w);
        });
        var options = new NutsOptions { Draws = Draws / Chains, Thinning = Thinning, Warmup = Warmup, Metric = MetricKind.Dense, TargetAcceptance = 0.95, TurnThreshold = 0 };
        ChainResult chains = Nuts.Run(target, start, rng, options);
        PilotFrame frame = Frame(pilot, x);
        for (int i = 0; i < Draws; i++)
        {
            frame.FromLocal(chains.Points.Span.Slice(i * d, d), thetas.AsSpan(i * d, d));
        }

        return (chains, thetas);
    }

    // The prior is uniform.
    private static double LogDensity(EmissionSpectrum spectrum, PilotFrame frame, double[] x, ReadOnlySpan<double> w)
    {
        Span<double> theta = stackalloc double[w.Length], flux = stackalloc double[EmissionSpectrum.Bins];
        double logAbsDet = frame.FromLocal(w, theta);
        EmissionSpectrum.Flux(theta, flux);
        double distance = System.Numerics.Tensors.TensorPrimitives.Distance(flux, x.AsSpan(0, EmissionSpectrum.Bins)) / spectrum.Noise;
        return logAbsDet - (0.5 * distance * distance);
    }

    private static PilotFrame Frame(IPilot pilot, double[] x)
    {
        var frame = new PilotFrame(pilot, new SupportBijection(SpectrumSetting.Prior).Supports);
        frame.Become(x, new double[PilotFrame.Context(pilot)]);
        return frame;
    }
}

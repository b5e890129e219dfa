using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Spectra;

/// <summary>A made-up emission spectrum of a hot planet in 379 bins: a black body seen through three absorbers and haze, with noise.</summary>
/// <remarks>
/// <para>
/// The setting is that of retrieving an atmosphere from a spectrum from 0.95 to 2.45 µm at a resolution of 400 (T. D. Gebhard et al. 2024, arXiv:2410.21477): a deterministic model, and noise that is added to it. The model here is a toy of ours,
/// smooth and with closed derivatives: f(λ) = A B(λ, T) / B(1.6 µm, 1200 K) e^(−τ(λ)) with Planck's law B and the optical depth τ(λ) = h (1 µm / λ)² + Σ Nₛ kₛ(λ), where each kₛ is a sum of normal bands, near where water, methane and carbon monoxide have theirs.
/// What is seen in a bin is Normal(f(λᵢ), σ²).
/// </para>
/// <para>
/// Parameters: <c>temperature_k</c>, K, positive, 1000 to 1400 in our studies; <c>log_area</c>, log₁₀ A, −0.3 to 0.3; <c>log_water</c>, <c>log_methane</c> and <c>log_monoxide</c>, log₁₀ Nₛ, −1 to 1; <c>haze</c>, optical depth h at 1 µm, 0 to 1.
/// </para>
/// </remarks>
public sealed class EmissionSpectrum : IMechanism, ILikelihood
{
    /// <summary>Number of parameters.</summary>
    public const int Parameters = 6;

    /// <summary>Number of bins, at equal distances in log λ: from 0.95 to 2.45 µm at λ / Δλ = 400 there is room for 379.</summary>
    public const int Bins = 379;

    private const double First = 0.95, Last = 2.45, ReferenceMicrometres = 1.6, ReferenceKelvin = 1200;

    // h c / k, µm K (CODATA 2018).
    private const double SecondRadiation = 14387.76877;

    // Centre and width, µm, and depth at a column of 1.
    private static readonly (double Centre, double Width, double Depth)[][] Bands =
    [
        [(1.15, 0.05, 0.5), (1.40, 0.08, 1.0), (1.88, 0.10, 1.3)],
        [(1.17, 0.04, 0.2), (1.66, 0.06, 0.7), (2.30, 0.12, 1.0)],
        [(1.57, 0.02, 0.15), (2.35, 0.04, 0.8)],
    ];

    private static readonly double[] Grid = [.. Enumerable.Range(0, Bins).Select(i => First * Math.Pow(Last / First, i / (Bins - 1.0)))];
    private static readonly double[] Scattering = [.. Grid.Select(at => 1 / (at * at))], FifthPower = [.. Grid.Select(at => Math.Pow(at, -5))], Hardness = [.. Grid.Select(at => SecondRadiation / at)];
    private static readonly double[][] Opacities = [.. Bands.Select(bands => Grid.Select(at => bands.Sum(b => b.Depth * Math.Exp(-0.5 * Math.Pow((at - b.Centre) / b.Width, 2)))).ToArray())];

    /// <param name="noise">Standard deviation σ of a bin, in units of the black body of 1200 K at 1.6 µm; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The noise is not positive and finite.</exception>
    public EmissionSpectrum(double noise = 0.1)
    {
        if (!(noise > 0 && double.IsFinite(noise)))
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "Expected a positive, finite standard deviation.");
        }

        Noise = noise;
    }

    /// <summary>Standard deviation of a bin.</summary>
    public double Noise { get; }

    /// <summary>Middles of the bins, µm, ascending.</summary>
    public static IReadOnlyList<double> Wavelengths => Grid;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["temperature_k", "log_area", "log_water", "log_methane", "log_monoxide", "haze"];

    /// <summary>Bins, in order of wavelength.</summary>
    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(0, Bins).Select(i => $"flux_{i}")];

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs.</remarks>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Flux(theta, x);
        TReal noise = TReal.CreateTruncating(Noise);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = trace.Draw(Site.Output(i), Law.Normal(x[i], noise));
        }
    }

    /// <summary>The spectrum without noise.</summary>
    /// <param name="theta">Shape <c>[6]</c>.</param>
    /// <param name="flux">Shape <c>[379]</c>; overwritten.</param>
    /// <exception cref="ArgumentException">A span has another length, or a parameter is out of range.</exception>
    public static void Flux<TReal>(ReadOnlySpan<TReal> theta, Span<TReal> flux)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        Check(theta, flux.Length);
        if (typeof(TReal) == typeof(double))
        {
            Span<double> bodies = stackalloc double[Bins];
            Vectors(MemoryMarshal.Cast<TReal, double>(theta), MemoryMarshal.Cast<TReal, double>(flux), bodies);
            return;
        }

        TReal ten = TReal.CreateTruncating(10), one = TReal.One;
        TReal water = TReal.Pow(ten, theta[2]), methane = TReal.Pow(ten, theta[3]), monoxide = TReal.Pow(ten, theta[4]);
        TReal area = TReal.Pow(ten, theta[1]) * TReal.CreateTruncating(Math.Pow(ReferenceMicrometres, 5) * (Math.Exp(SecondRadiation / (ReferenceMicrometres * ReferenceKelvin)) - 1));
        for (int i = 0; i < flux.Length; i++)
        {
            double at = Grid[i];
            TReal depth = (theta[5] * TReal.CreateTruncating(1 / (at * at))) + (water * TReal.CreateTruncating(Opacities[0][i]))
                + (methane * TReal.CreateTruncating(Opacities[1][i])) + (monoxide * TReal.CreateTruncating(Opacities[2][i]));
            TReal bodies = TReal.Exp(TReal.CreateTruncating(SecondRadiation / at) / theta[0]) - one;
            flux[i] = area * TReal.CreateTruncating(Math.Pow(at, -5)) / bodies * TReal.Exp(-depth);
        }
    }

    /// <summary>The spectrum without noise, and its derivatives by the parameters.</summary>
    /// <param name="theta">Shape <c>[6]</c>.</param>
    /// <param name="flux">Shape <c>[379]</c>; overwritten.</param>
    /// <param name="slopes">Shape <c>[6, 379]</c>; overwritten.</param>
    /// <exception cref="ArgumentException">A span has another length, or a parameter is out of range.</exception>
    public static void Flux(ReadOnlySpan<double> theta, Span<double> flux, Span<double> slopes)
    {
        Check(theta, flux.Length);
        if (slopes.Length != Parameters * Bins)
        {
            throw new ArgumentException($"Expected {Parameters * Bins} derivatives, got {slopes.Length}.", nameof(slopes));
        }

        Span<double> bodies = stackalloc double[Bins], ofTemperature = slopes[..Bins];
        Vectors(theta, flux, bodies);

        // d log B / dT = (c / λT²) / (1 − e^(−c/λT)), where e^(c/λT) − 1 is known.
        double ln10 = Math.Log(10);
        TensorPrimitives.Add(bodies, 1, ofTemperature);
        TensorPrimitives.Divide(ofTemperature, bodies, ofTemperature);
        TensorPrimitives.Multiply(ofTemperature, Hardness, ofTemperature);
        TensorPrimitives.Multiply(ofTemperature, flux, ofTemperature);
        TensorPrimitives.Multiply(ofTemperature, 1 / (theta[0] * theta[0]), ofTemperature);
        TensorPrimitives.Multiply(flux, ln10, slopes.Slice(Bins, Bins));
        for (int s = 0; s < Opacities.Length; s++)
        {
            Span<double> ofColumn = slopes.Slice((2 + s) * Bins, Bins);
            TensorPrimitives.Multiply(flux, Opacities[s], ofColumn);
            TensorPrimitives.Multiply(ofColumn, -ln10 * Math.Pow(10, theta[2 + s]), ofColumn);
        }

        TensorPrimitives.Multiply(flux, Scattering, slopes[(5 * Bins)..]);
        TensorPrimitives.Negate(slopes[(5 * Bins)..], slopes[(5 * Bins)..]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is out of range.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Span<double> flux = stackalloc double[Bins];
        Flux(theta, flux);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Law.Normal(flux[i], Noise).LogProb(x[i]);
        }

        return sum;
    }

    // The same as the loop above, many bins at once; bodies is e^(c/λT) − 1, which derivatives want again.
    private static void Vectors(ReadOnlySpan<double> theta, Span<double> flux, Span<double> bodies)
    {
        TensorPrimitives.Divide(Hardness, theta[0], bodies);
        TensorPrimitives.Exp(bodies, bodies);
        TensorPrimitives.Subtract(bodies, 1, bodies);
        TensorPrimitives.Multiply(Scattering, -theta[5], flux);
        for (int s = 0; s < Opacities.Length; s++)
        {
            TensorPrimitives.MultiplyAdd(Opacities[s], -Math.Pow(10, theta[2 + s]), flux, flux);
        }

        TensorPrimitives.Exp(flux, flux);
        TensorPrimitives.Multiply(flux, FifthPower, flux);
        TensorPrimitives.Divide(flux, bodies, flux);
        TensorPrimitives.Multiply(flux, Math.Pow(10, theta[1]) * Math.Pow(ReferenceMicrometres, 5) * (Math.Exp(SecondRadiation / (ReferenceMicrometres * ReferenceKelvin)) - 1), flux);
    }

    private static void Check<TReal>(ReadOnlySpan<TReal> theta, int bins)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (theta.Length != Parameters || bins != Bins)
        {
            throw new ArgumentException($"Expected {Parameters} parameters and {Bins} bins, got {theta.Length} and {bins}.", nameof(theta));
        }

        bool finite = theta[0] > TReal.Zero;
        foreach (TReal value in theta)
        {
            finite &= TReal.IsFinite(value);
        }

        if (!finite)
        {
            throw new ArgumentException("Expected finite parameters and a positive temperature.", nameof(theta));
        }
    }
}

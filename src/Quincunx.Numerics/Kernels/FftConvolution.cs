using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>A transform of any length as a convolution with a chirp, by transforms of a power of two.</summary>
/// <remarks>Bluestein 1970, IEEE Trans. Audio Electroacoust. 18, 451: jk = (j² + k² - (k - j)²) / 2.</remarks>
internal sealed unsafe class FftConvolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _chirpReal, _chirpImaginary, _spectrumReal, _spectrumImaginary;
    private readonly int _n;

    public FftConvolution(int n)
    {
        _n = n;
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * n) - 1));
        Plan = FftPlan<T>.Of(size);
        (_chirpReal, _chirpImaginary) = (new T[n], new T[n]);
        double[] buffer = new double[4 * FftPlan<double>.Of(size).Space(1)];
        fixed (double* start = buffer)
        {
            // The chirp's conjugate, around 0 both ways, and its spectrum; in float64, and with the convolution's 1 / size.
            FftPlan<double> plan = FftPlan<double>.Of(size);
            var x = new FftBuffers<double>(start, plan.Space(1));
            int pitch = plan.Pitch(1);
            for (long j = 0; j < n; j++)
            {
                (double c, double s) = Roots.Of(j * j % (2 * (long)n), 2 * (long)n);
                (_chirpReal[j], _chirpImaginary[j]) = (T.CreateTruncating(c), T.CreateTruncating(s));
                x.Real[j * pitch] = x.Real[(size - j) % size * pitch] = c / size;
                x.Imaginary[j * pitch] = x.Imaginary[(size - j) % size * pitch] = -s / size;
            }

            Fft.Forward(plan, ref x, 1);
            (_spectrumReal, _spectrumImaginary) = (new T[size], new T[size]);
            for (int k = 0; k < size; k++)
            {
                (_spectrumReal[k], _spectrumImaginary[k]) = (T.CreateTruncating(x.Real[k * pitch]), T.CreateTruncating(x.Imaginary[k * pitch]));
            }
        }
    }

    /// <summary>Of the transforms that convolve.</summary>
    public FftPlan<T> Plan { get; }

    /// <summary>Transforms the first rows of the buffers.</summary>
    public void Forward(ref FftBuffers<T> x, int lanes)
    {
        int pitch = Plan.Pitch(lanes);
        Multiply(x, _chirpReal, _chirpImaginary, pitch);
        long rest = (long)(Plan.N - _n) * pitch;
        for (nint i = (nint)_n * pitch, end = i + (nint)rest; i < end; i++)
        {
            x.Real[i] = x.Imaginary[i] = T.Zero;
        }

        Fft.Forward(Plan, ref x, lanes);
        Multiply(x, _spectrumReal, _spectrumImaginary, pitch);
        x = x.Conjugate();
        Fft.Forward(Plan, ref x, lanes);
        x = x.Conjugate();
        Multiply(x, _chirpReal, _chirpImaginary, pitch);
    }

    // Rows by one number each.
    private static void Multiply(FftBuffers<T> x, T[] real, T[] imaginary, int pitch)
    {
        for (int j = 0; j < real.Length; j++)
        {
            (T c, T s) = (real[j], imaginary[j]);
            for (nint i = (nint)j * pitch, end = i + pitch; i < end; i++)
            {
                (T a, T b) = (x.Real[i], x.Imaginary[i]);
                x.Real[i] = (a * c) - (b * s);
                x.Imaginary[i] = (a * s) + (b * c);
            }
        }
    }
}

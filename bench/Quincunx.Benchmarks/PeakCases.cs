using System.Numerics;
using System.Runtime.InteropServices;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Benchmarks;

/// <summary>The products of <see cref="PeakCommand"/>.</summary>
/// <remarks>
/// The rate does not depend on the values, but memory that was never written is one page of the system's wherever it is read, which a
/// first-level cache serves at another speed: everything is filled.
/// </remarks>
internal static unsafe class PeakCases
{
    private static readonly (int M, int N, int K)[] Squares = [(128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024)];

    public static IEnumerable<PeakCase> All<T>()
        where T : unmanaged, INumberBase<T>
    {
        foreach ((bool a, bool b, int m, int n, int k) in new[]
        {
            (false, false, 1, 1, 1), (false, false, 4, 4, 4), (false, true, 1, 64, 64), (false, true, 10, 10, 10), (false, true, 200, 1, 64),
            (false, true, 200, 10, 10), (false, true, 200, 50, 50), (false, false, 200, 64, 64), (false, true, 200, 64, 64), (false, true, 200, 100, 64),
            (true, false, 64, 64, 200), (true, false, 10, 64, 200), (false, false, 4096, 256, 256),
        })
        {
            yield return Product<T>(a, b, m, n, k);
        }

        foreach ((int m, int n, int k) in Squares)
        {
            PeakCase plain = Product<T>(false, false, m, n, k);
            yield return plain;
            yield return Product<T>(false, true, m, n, k) with { Against = plain.Name };
            yield return Product<T>(true, false, m, n, k) with { Against = plain.Name };
            yield return Product<T>(true, true, m, n, k) with { Against = plain.Name };
            if (m <= 512)
            {
                yield return Batch<T>(4, m, n, k) with { Against = plain.Name };
            }
        }

        foreach ((int m, int n, int k) in new[]
        {
            (50, 200, 50), (50, 208, 50), (10, 200, 50), (10, 200, 30), (145, 200, 50), (50, 200, 145), (50, 400, 50), (50, 1024, 50), (50, 4096, 50),
            (256, 512, 256), (256, 2048, 256),
        })
        {
            yield return Layer<T>(m, n, k);
            yield return Back<T>(m, n, k);
        }

        foreach ((int m, int n, int k) in new[]
        {
            (10, 30, 200), (50, 8, 200), (50, 50, 200), (145, 50, 200), (50, 50, 1024), (50, 50, 4096), (100, 100, 200), (256, 256, 512), (256, 256, 2048),
        })
        {
            PeakCase packed = Gradient<T>("packed", m, n, k, static x => MatrixProduct.Run(x));
            yield return packed;
            yield return Gradient<T>("dots", m, n, k, static x => MatrixDots.Run(x)) with { Against = packed.Name };
        }

        if (Environment.ProcessorCount > 1)
        {
            foreach ((int m, int n, int k) in new[] { (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (4096, 256, 256), (256, 4096, 256) })
            {
                PeakCase one = Product<T>(false, false, m, n, k, ", 1 thread");
                yield return one;
                yield return Product<T>(false, false, m, n, k, ", 2 threads", threads: 2) with { Against = one.Name };
            }
        }
    }

    private static PeakCase Product<T>(bool transposeA, bool transposeB, int m, int n, int k, string note = "", int threads = 1)
        where T : unmanaged, INumberBase<T>
    {
        T[] a = Filled<T>(m * k), b = Filled<T>(k * n), c = Filled<T>(m * n);
        return new PeakCase($"{(transposeA ? 'T' : 'N')}{(transposeB ? 'T' : 'N')} {m} x {n} x {k}{note}", 2.0 * m * n * k, count =>
        {
            for (; count > 0; count--)
            {
                MatrixProduct.Multiply<T>(transposeA, transposeB, m, n, k, a, b, c, accumulate: false, threads);
            }
        });
    }

    private static PeakCase Batch<T>(int batch, int m, int n, int k)
        where T : unmanaged, INumberBase<T>
    {
        T[] a = Filled<T>(batch * m * k), b = Filled<T>(batch * k * n), c = Filled<T>(batch * m * n);
        return new PeakCase($"NN {m} x {n} x {k}, batch of {batch}", 2.0 * batch * m * n * k, count =>
        {
            for (; count > 0; count--)
            {
                MatrixProduct.MultiplyBatch<T>(false, false, batch, m, n, k, a, m * k, b, k * n, c, m * n);
            }
        });
    }

    // Y [m, n] = relu(W [m, k] X [k, n] + b [m]), the examples in columns.
    private static PeakCase Layer<T>(int m, int n, int k)
        where T : unmanaged, INumberBase<T>
        => Part(new MatrixOperands<T>
        {
            M = m,
            N = n,
            K = k,
            A = Pinned<T>(m * k),
            ARow = k,
            AStep = 1,
            B = Pinned<T>(k * n),
            BStep = n,
            BColumn = 1,
            C = Pinned<T>(m * n),
            CRow = n,
            Start = null,
            StartRow = 0,
            Bias = Pinned<T>(m),
            Relu = true,
        }, "layer with bias and relu", static x => MatrixProduct.Run(x));

    // The same back to its input: the weights are read along their columns.
    private static PeakCase Back<T>(int m, int n, int k)
        where T : unmanaged, INumberBase<T>
        => Part(new MatrixOperands<T>
        {
            M = m,
            N = n,
            K = k,
            A = Pinned<T>(m * k),
            ARow = 1,
            AStep = m,
            B = Pinned<T>(k * n),
            BStep = n,
            BColumn = 1,
            C = Pinned<T>(m * n),
            CRow = n,
            Start = null,
            StartRow = 0,
        }, "back to the input", static x => MatrixProduct.Run(x));

    private static PeakCase Gradient<T>(string kind, int m, int n, int k, Action<MatrixOperands<T>> run)
        where T : unmanaged, INumberBase<T>
        => Part(new MatrixOperands<T>
        {
            M = m,
            N = n,
            K = k,
            A = Pinned<T>(m * k),
            ARow = k,
            AStep = 1,
            B = Pinned<T>(k * n),
            BStep = 1,
            BColumn = k,
            C = Pinned<T>(m * n),
            CRow = n,
            Start = null,
            StartRow = 0,
        }, $"gradient of weights, {kind}", run);

    private static PeakCase Part<T>(MatrixOperands<T> x, string kind, Action<MatrixOperands<T>> run)
        where T : unmanaged, INumberBase<T>
        => new($"{kind} {x.M} x {x.N} x {x.K}", 2.0 * x.M * x.N * x.K, count =>
        {
            for (; count > 0; count--)
            {
                run(x);
            }
        });

    private static T[] Filled<T>(int length)
        where T : unmanaged, INumberBase<T>
    {
        var values = new T[length];
        Array.Fill(values, T.One);
        return values;
    }

    // Never freed: the command ends with the process.
    private static T* Pinned<T>(int length)
        where T : unmanaged, INumberBase<T>
    {
        T* values = (T*)NativeMemory.Alloc((nuint)length, (nuint)sizeof(T));
        new Span<T>(values, length).Fill(T.One);
        return values;
    }
}

using System.Numerics;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Physics.Dynamics;

namespace Quincunx.Tests.Numerics.Autodiff.Forward;

public sealed class ForwardModeTests
{
    private const int Years = 21, Inputs = 7;

    [Fact]
    public void Jacobian_OfASimulatorInAnyNumberOfDirections_IsTheSame()
    {
        double[] theta = [0.55, 0.028, 0.8, 0.024, 0.25, 33, 6];
        double[] y1 = new double[2 * Years], y4 = new double[2 * Years], y16 = new double[2 * Years], plain = new double[2 * Years];
        double[] j1 = new double[2 * Years * Inputs], j4 = new double[2 * Years * Inputs], j16 = new double[2 * Years * Inputs];
        ForwardMode.Jacobian<Tangent1>(Populations, theta, y1, j1);
        ForwardMode.Jacobian<Tangent4>(Populations, theta, y4, j4);
        ForwardMode.Jacobian<Tangent16>(Populations, theta, y16, j16);
        Populations<double>(theta, plain);

        Assert.Equal(plain, y1);
        Assert.Equal(plain, y4);
        Assert.Equal(plain, y16);
        Assert.Equal(j1, j16);
        Assert.Equal(j4, j16);
    }

    [Fact]
    public void Jacobian_OfLynxAndHare_MatchesDifferencesOfTheSeriesSolver()
    {
        // A Runge-Kutta solution of 200 steps a year against a Taylor series good to 1e-9 in the logarithms.
        double[] theta = [0.55, 0.028, 0.8, 0.024, 0.25, 33, 6];
        double[] y = new double[2 * Years], jacobian = new double[2 * Years * Inputs], above = new double[2 * Years], below = new double[2 * Years];
        ForwardMode.Jacobian<Tangent16>(Populations, theta, y, jacobian);
        var model = new LynxHare();
        for (int j = 0; j < Inputs; j++)
        {
            double step = 1e-4 * theta[j];
            Solve(j, step, above);
            Solve(j, -step, below);
            for (int i = 0; i < y.Length; i++)
            {
                double numeric = (above[i] - below[i]) / (2 * step);
                Assert.Equal(numeric, jacobian[(i * Inputs) + j], 1e-5 * (1 + Math.Abs(numeric)));
            }
        }

        void Solve(int input, double step, double[] into)
        {
            double[] moved = [.. theta];
            moved[input] += step;
            // The noise, fixed to no more than its size here, has no place in the solution.
            Assert.True(model.SolveInto([moved[0], moved[1], moved[2], moved[3], 0.25, 0.25, moved[5], moved[6]], into));
            for (int i = 0; i < into.Length; i++)
            {
                into[i] += moved[4] * Noise(i);
            }
        }
    }

    [Fact]
    public void Jacobian_OfManyInputs_TakesSeveralRounds()
    {
        double[] x = [.. Enumerable.Range(1, 37).Select(i => 0.1 * i)], y = new double[2], jacobian = new double[2 * 37];
        ForwardMode.Jacobian<Tangent16>(
            static (x, y) =>
            {
                (y[0], y[1]) = (default, new Dual<Tangent16>(1));
                foreach (Dual<Tangent16> value in x)
                {
                    y[0] += value * value;
                    y[1] *= value;
                }
            },
            x, y, jacobian);
        Assert.Equal(x.Sum(v => v * v), y[0], 1e-12);
        for (int j = 0; j < x.Length; j++)
        {
            Assert.Equal(2 * x[j], jacobian[j], 1e-15);
            Assert.Equal(y[1] / x[j], jacobian[37 + j], 1e-13 * Math.Abs(y[1] / x[j]));
        }

        Assert.Throws<ArgumentException>(() => ForwardMode.Jacobian<Tangent1>(static (_, _) => { }, x, y, new double[3]));
        double[] none = [];
        ForwardMode.Jacobian<Tangent1>(static (_, y) => y.Fill(3), none, y, none);
        Assert.Equal([3.0, 3.0], y);
    }

    private static double Noise(int i) => new Rng(9).Split(i).NextNormal();

    // A simulator as one is written over generic math: ln u and ln v of each year, with noise on top.
    private static void Populations<T>(ReadOnlySpan<T> theta, Span<T> x)
        where T : IFloatingPointIeee754<T>
    {
        const int Steps = 200;
        T h = T.CreateChecked(1.0 / Steps), half = T.CreateChecked(0.5), sixth = T.CreateChecked(1.0 / 6), two = T.CreateChecked(2);
        T alpha = theta[0], beta = theta[1], gamma = theta[2], delta = theta[3];
        T p = T.Log(theta[5]), q = T.Log(theta[6]);
        for (int year = 0; year < Years; year++)
        {
            x[year] = p + (theta[4] * T.CreateChecked(Noise(year)));
            x[Years + year] = q + (theta[4] * T.CreateChecked(Noise(Years + year)));
            for (int step = 0; step < Steps; step++)
            {
                (T a1, T b1) = Slope(p, q);
                (T a2, T b2) = Slope(p + (half * h * a1), q + (half * h * b1));
                (T a3, T b3) = Slope(p + (half * h * a2), q + (half * h * b2));
                (T a4, T b4) = Slope(p + (h * a3), q + (h * b3));
                p += h * sixth * (a1 + (two * (a2 + a3)) + a4);
                q += h * sixth * (b1 + (two * (b2 + b3)) + b4);
            }
        }

        (T P, T Q) Slope(T p, T q) => (alpha - (beta * T.Exp(q)), (delta * T.Exp(p)) - gamma);
    }

    private static void Populations(ReadOnlySpan<Dual<Tangent1>> theta, Span<Dual<Tangent1>> x) => Populations<Dual<Tangent1>>(theta, x);

    private static void Populations(ReadOnlySpan<Dual<Tangent4>> theta, Span<Dual<Tangent4>> x) => Populations<Dual<Tangent4>>(theta, x);

    private static void Populations(ReadOnlySpan<Dual<Tangent16>> theta, Span<Dual<Tangent16>> x) => Populations<Dual<Tangent16>>(theta, x);
}

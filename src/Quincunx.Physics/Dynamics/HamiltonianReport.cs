using System.Globalization;
using Quincunx.Inference.Experiments;

namespace Quincunx.Physics.Dynamics;

/// <summary>What the test trajectories say, in numbers, figures and checks.</summary>
/// <param name="residuals">Learned minus true rates on the held-out observations, of the Hamiltonian and of the direct network.</param>
/// <param name="shown">Some observations to show, shape <c>[points, 2 n]</c>.</param>
internal sealed class HamiltonianReport(HamiltonianOptions options, TestTrajectories tests, double[][] residuals, double[] shown)
{
    private const string Hamiltonian = "Hamiltonian network", Direct = "direct network", True = "true";
    private const int MostPanels = 3, MostValues = 4_000;

    // A drift of the network's own energy larger than this is the integrator's, and then nothing can be said about the network.
    private const double LargestDrift = 1e-5;

    private readonly double[] _errors = [.. tests.EnergyErrors(tests.Hamiltonian).Select(e => e.Average())];
    private readonly double[] _directErrors = [.. tests.EnergyErrors(tests.Direct).Select(e => e.Average())];

    public ExperimentResult Build()
    {
        double mse = _errors.Average(), test = residuals[0].Average(r => r * r), directTest = residuals[1].Average(r => r * r);
        double coordinates = tests.CoordinateError(tests.Hamiltonian), directCoordinates = tests.CoordinateError(tests.Direct);
        return new ExperimentResult
        {
            Summary = $"The motion of a system with {options.System.Degrees} position{(options.System.Degrees == 1 ? "" : "s")}, learned from {options.Trajectories - options.HeldOut} trajectories of "
                + $"{options.System.Training.Points} points each by a network that conserves an energy of its own, and by one of the same size that need not.",
            LossLabel = "error of dx/dt, squared",
            Metrics =
            [
                new("energy_mse", mse, "mean squared error of the true energy along trajectories of the Hamiltonian network", Error(_errors)),
                new("direct_energy_mse", _directErrors.Average(), "the same of the direct network", Error(_directErrors)),
                new("coordinate_mse", coordinates, "mean squared error of the coordinates along these trajectories, Hamiltonian network"),
                new("direct_coordinate_mse", directCoordinates, "the same of the direct network"),
                new("test_mse", test, "mean squared error of dx/dt on held-out observations, Hamiltonian network"),
                new("direct_test_mse", directTest, "the same of the direct network"),
                new("learned_energy_drift", tests.LearnedDrift, "greatest change of the learned energy along a trajectory, which is the integrator's error"),
            ],
            Checks = [.. Checks(mse)],
            Series = [Energies(), PhaseSpace(), Growth()],
            Histograms =
            [
                new HistogramFigure
                {
                    Name = "residuals",
                    Title = "Errors of the learned rates",
                    Caption = "Learned minus true dx/dt on held-out observations, all coordinates together."
                        + (options.Noise > 0 ? " Noise on the observed coordinates makes most of it: no network can know where the system really was." : ""),
                    Label = "error of dx/dt (model units)",
                    Samples = [new(Hamiltonian, Thinned(residuals[0])), new(Direct, Thinned(residuals[1]))],
                },
            ],
        };
    }

    // A figure does not need them all.
    private static double[] Thinned(double[] values) => [.. values.Where((_, i) => i % ((values.Length / MostValues) + 1) == 0)];

    // Of a mean over trajectories, which are independent.
    private static double Error(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length);
    }

    private IEnumerable<ExperimentCheck> Checks(double mse)
    {
        string found = $"the energy error is {Short(mse)} ± {Short(Error(_errors))} over {tests.Count} trajectories";
        if (!double.IsFinite(mse))
        {
            yield return new(CheckOutcome.Failed, "A trajectory of the Hamiltonian network ran away and could not be integrated to its end. Train longer, or on more trajectories.");
            yield break;
        }

        yield return mse <= options.Target
            ? new(CheckOutcome.Passed, found + (double.IsInfinity(options.Target) ? "" : $", within the target of {Short(options.Target)}"))
            : new(CheckOutcome.Doubtful, $"The target was missed: {found}, above {Short(options.Target)}. Train longer, or on more trajectories.");
        yield return tests.LearnedDrift <= LargestDrift
            ? new(CheckOutcome.Passed, $"the learned energy is conserved to {Short(tests.LearnedDrift)}")
            : new(CheckOutcome.Failed, $"The learned energy drifts by {Short(tests.LearnedDrift)} along trajectories that should conserve it exactly: the integration was not accurate enough to judge the network.");
        double direct = _directErrors.Average();
        yield return mse < direct || double.IsNaN(direct)
            ? new(CheckOutcome.Passed, "it is smaller than that of the direct network" + (double.IsNaN(direct) ? ", which ran away" : $" ({Short(direct)})"))
            : new(CheckOutcome.Doubtful, $"The direct network conserves energy better ({Short(direct)} against {Short(mse)}): nothing was gained by the structure.");
    }

    private SeriesFigure Energies() => new()
    {
        Name = "energy",
        Title = "Energy along trajectories",
        Caption = "The true energy, evaluated along the true trajectory and along those of the two learned fields from the same start. A field with a conserved energy of its own can only wobble; the other one drifts.",
        Panels =
        [
            .. Enumerable.Range(0, Math.Min(MostPanels, tests.Count)).Select(t => new SeriesPanel
            {
                Heading = $"trajectory {t + 1}",
                XLabel = "time (model units)",
                YLabel = "energy (model units)",
                Curves =
                [
                    new(Hamiltonian, tests.Times, tests.Energies(tests.Hamiltonian, t)),
                    new(Direct, tests.Times, tests.Energies(tests.Direct, t)),
                    new(True, tests.Times, tests.Energies(tests.True, t), CurveStyle.Reference),
                ],
            }),
        ],
    };

    private SeriesFigure PhaseSpace()
    {
        int width = 2 * options.System.Degrees;
        return new SeriesFigure
        {
            Name = "trajectory",
            Title = "A trajectory",
            Caption = "The first test trajectory in the plane" + (options.System.Planes.Count > 1 ? " of each body" : " of position and momentum") + ", with the observations of three of those that were trained on.",
            Panels =
            [
                .. options.System.Planes.Select((plane, i) => new SeriesPanel
                {
                    Heading = options.System.Planes.Count > 1 ? $"body {(i + 1).ToString(CultureInfo.InvariantCulture)}" : "",
                    XLabel = options.System.CoordinateNames[plane.Across] + " (model units)",
                    YLabel = options.System.CoordinateNames[plane.Along] + " (model units)",
                    IsPlane = true,
                    Curves =
                    [
                        new(Hamiltonian, tests.Path(tests.Hamiltonian, plane.Across, 0), tests.Path(tests.Hamiltonian, plane.Along, 0)),
                        new(Direct, tests.Path(tests.Direct, plane.Across, 0), tests.Path(tests.Direct, plane.Along, 0)),
                        new(True, tests.Path(tests.True, plane.Across, 0), tests.Path(tests.True, plane.Along, 0), CurveStyle.Reference),
                        new("observed", [.. shown.Where((_, j) => j % width == plane.Across)], [.. shown.Where((_, j) => j % width == plane.Along)], CurveStyle.Points),
                    ],
                }),
            ],
        };
    }

    private SeriesFigure Growth()
    {
        double[] Mean(double[] states)
        {
            double[][] errors = tests.EnergyErrors(states);
            return [.. tests.Times.Select((_, i) => i == 0 ? double.NaN : errors.Average(e => e[i]))];
        }

        return new SeriesFigure
        {
            Name = "energy-error",
            Title = "Error of the energy over time",
            Caption = $"Mean squared error of the energy over {tests.Count} test trajectories. The time 0, where the error is zero by construction, is left out.",
            Panels =
            [
                new SeriesPanel
                {
                    XLabel = "time (model units)",
                    YLabel = "mean squared error of the energy",
                    IsLogarithmic = true,
                    Curves = [new(Hamiltonian, tests.Times[1..], Mean(tests.Hamiltonian)[1..]), new(Direct, tests.Times[1..], Mean(tests.Direct)[1..])],
                },
            ],
        };
    }

    private static string Short(double value) => value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}

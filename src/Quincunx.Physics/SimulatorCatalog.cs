using Quincunx.Inference.Simulation;
using Quincunx.Physics.Dynamics;
using Quincunx.Physics.Electroweak;
using Quincunx.Physics.Epidemics;
using Quincunx.Physics.JumpProcesses;
using Quincunx.Physics.Oscillators;
using Quincunx.Physics.Populations;
using Quincunx.Physics.Queues;
using Quincunx.Physics.Spectra;
using Quincunx.Physics.Toys;
using Quincunx.Physics.Toys.Sbibm;

namespace Quincunx.Physics;

/// <summary>The simulators that are built in.</summary>
public static class SimulatorCatalog
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<SimulatorEntry> All { get; } =
    [
        new("bernoulli-glm", "A neuron's spikes under white noise, as ten sufficient statistics.", () => new BernoulliGlm()),
        new("bernoulli-glm-raw", "A neuron's spikes under white noise, as they come: 100 bins.", () => new BernoulliGlmRaw()),
        new("damped-oscillator", "A damped oscillator struck at an unknown time, seen with noise.", () => new DampedOscillator()),
        new("emission-spectrum", "A made-up spectrum of a hot planet, 379 bins with noise, from temperature, area, three absorbers and haze.", () => new EmissionSpectrum()),
        new("emission-spectrum-clean", "The same spectrum without noise, for studies that add it.", () => new CleanSpectrum()),
        new("g-and-k", "100 draws from a g-and-k distribution, which is known by its quantiles.", () => new GAndK()),
        new("galton", "The generalized Galton board: the bin a ball falls into, where every nail has its own chance.", () => new GeneralizedGaltonBoard()),
        new("galton-uniform", "A Galton board of 20 rows with the same chance of a turn to the right at every nail.", () => new GaltonBoard()),
        new("gaussian-linear", "Ten parameters seen through Gaussian noise; the posterior is known exactly.", () => new GaussianLinear()),
        new("gaussian-mixture", "A point of the plane through a coarse or a fine normal, one does not know which.", () => new GaussianMixture()),
        new("lotka-volterra", "Predators and prey, counted ten times with log-normal noise.", () => new PredatorPrey()),
        new("lotka-volterra-jumps", "Predators and prey as a jump process, counted at 15 times.", () => new LotkaVolterraJumps()),
        new("lotka-volterra-summaries", "Predators and prey as a jump process, through nine summaries.", () => new LotkaVolterraSummaries()),
        new("lynx-hare", "Pelts of hares and lynxes, 1900 to 1920: Lotka-Volterra with log-normal noise.", () => new LynxHare()),
        new("mg1", "A queue with one server: quartiles of the times between 50 departures.", () => new MG1Queue()),
        new("mg1-gaps", "A queue with one server: all times between 50 departures.", () => new MG1Queue(QueueOutputs.Gaps)),
        new("muon-scan", "One muon pair of a scan across the Z as a coarse detector sees it, from two couplings.", () => new MuonScan()),
        new("ornstein-uhlenbeck", "A stationary Ornstein-Uhlenbeck process at 50 times.", () => new OrnsteinUhlenbeck()),
        new("projected-mixture", "Five numbers, normal, mixed and exponential, through a fixed matrix.", () => new ProjectedMixture()),
        new("ricker", "Counts of a chaotic population that follows the Ricker map.", () => new Ricker()),
        new("sir", "An epidemic in a million people and ten surveys of a thousand.", () => new Epidemic()),
        new("sir-jumps", "An epidemic among 200 people as a jump process, counted on 10 days.", () => new SirJumps()),
        new("slcp", "Four points of a normal distribution: simple likelihood, posterior of four modes.", () => new Slcp()),
        new("slcp-distractors", "The eight numbers of slcp among 92 that say nothing.", () => new SlcpDistractors()),
        new("spatial-sir", "An epidemic on a grid of 32 by 32 people, as three images.", () => new SpatialSir()),
        new("two-moons", "A noisy crescent in the plane whose posterior is two crescents.", () => new TwoMoons()),
        new("weinberg", "Forward-backward asymmetries of muon pairs at PETRA and TRISTAN, from the weak mixing angle.", () => new MuonAsymmetries()),
        new("weinberg-angles", "Angles of 100 muon pairs, from the weak mixing angle and the energy of the collisions.", () => new MuonAngles()),
    ];

    /// <summary>The entry of a name, or null if there is none. Case matters.</summary>
    public static SimulatorEntry? Find(string name) => All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));

    /// <summary>Makes the simulator of a name, with its default settings.</summary>
    /// <exception cref="ArgumentException">No built-in simulator has the name; the message lists those there are.</exception>
    public static ISimulator Create(string name)
    {
        SimulatorEntry entry = Find(name)
            ?? throw new ArgumentException($"Expected one of {string.Join(", ", All.Select(known => known.Name))}; got '{name}'.", nameof(name));
        return entry.Create();
    }
}

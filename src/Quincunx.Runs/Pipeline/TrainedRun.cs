using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>The last network of a run, read from its folder alone: without the study file, but where its embedding is the study's own, and without locking or changing anything.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Facts">What the network learned from, and the order of its parameters.</param>
public sealed record TrainedRun(string Study, NeuralPosterior Posterior, NetworkFacts Facts)
{
    private const string Training = "train-";

    /// <param name="folder">The folder of a run whose last training is complete.</param>
    /// <param name="study">Which loads an embedding of its own, where the network has one; otherwise without effect.</param>
    /// <exception cref="ArtifactException">There is no such run, training is not complete, a file is missing or not as it was written, or the network's embedding is of an assembly and the study has another or is null.</exception>
    public static TrainedRun Read(string folder, Study? study = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        RunManifest manifest = RunFolder.ReadManifest(folder) ?? throw new ArtifactException(
            folder, Directory.Exists(folder) ? "a folder without " + RunManifest.FileName : "no such folder", "the folder of a run");
        int round = LastRound(folder, manifest);
        StageRecord stage = manifest.Find(Training + round)!;
        string weights = Confirmed(folder, stage, RunFiles.Network(round)), facts = Confirmed(folder, stage, RunFiles.NetworkFacts(round));
        NetworkFacts network = JsonArtifact.Read<NetworkFacts>(facts);
        if (network.Supports is not { } supports)
        {
            throw new ArtifactException(
                facts, "no intervals of the parameters, as older versions of Quincunx wrote it",
                "those that the present version writes (delete this file and run the study again: only this network is trained anew)");
        }

        if (network.Method != "npe")
        {
            throw new ArtifactException(folder, $"a network of the method {network.Method}", "a posterior that is a flow (inference.method npe)");
        }

        if (network.Members is { Count: var members })
        {
            throw new ArtifactException(folder, $"an ensemble of {members} networks", "a posterior that is one flow (a study without inference.ensemble)");
        }

        if (network.Equivariance is not null)
        {
            throw new ArtifactException(folder, "networks of a posterior with a pose, whose draws are made by chains", "a posterior that is one flow (a study without inference.equivariance)");
        }

        if (network.Embedding is { Own: { } own })
        {
            network = network with { Embedding = Loaded(folder, own, study) };
        }

        var bijection = new SupportBijection([.. supports.Select(ends => new Support(ends[0], ends[1]))]);
        return new TrainedRun(manifest.Study, NetworkFile.Read(bijection, network.Network(), weights), network);
    }

    private static EmbeddingSettings Loaded(string folder, AssemblyType own, Study? study) => study?.Inference.Embedding switch
    {
        { Own: { } loaded } settings when own.Equivalent(loaded) => settings,
        { Own: { } other } => throw new ArtifactException(folder, $"a network with an embedding by {own.Describe()}", $"the same type, options and contents in the study, which has {other.Describe()}{(own.Type == other.Type ? " with other contents or options" : "")}"),
        _ => throw new ArtifactException(
            folder, $"a network with an embedding by {own.Describe()}", study is null ? "its study beside it, which says where that is (--study STUDY)" : $"a study with that embedding, unlike {study.File}"),
    };

    // The stages of a run with several rounds are listed as they begin: a round that has only simulated so far would be the last one.
    private static int LastRound(string folder, RunManifest manifest)
    {
        if (manifest.Find("data") is not null)
        {
            throw new ArtifactException(folder, "the run of an experiment, which has no posterior", "that of a study of a simulator");
        }

        int last = 0;
        foreach (StageRecord stage in manifest.Stages)
        {
            foreach (string kind in (ReadOnlySpan<string>)[Training, "simulate-", "truncate-"])
            {
                if (stage.Name.StartsWith(kind, StringComparison.Ordinal) && int.TryParse(stage.Name.AsSpan(kind.Length), out int round))
                {
                    last = Math.Max(last, kind == "truncate-" ? round + 1 : round);
                }
            }
        }

        return manifest.Find(Training + last) is { Status: StageStatus.Complete }
            ? last
            : throw new ArtifactException(
                folder, last == 0 ? "a run without the network of a posterior" : "a run whose network is not trained yet", "one whose training is complete (run the study first)");
    }

    private static string Confirmed(string folder, StageRecord stage, string file)
    {
        string path = Path.Combine(folder, file.Replace('/', Path.DirectorySeparatorChar));
        OutputFile? output = stage.Outputs.FirstOrDefault(o => o.File == file);
        if (output is null || FileFingerprint.Of(path) != new FileFingerprint(output.Sha256, output.Bytes))
        {
            throw new ArtifactException(path, "other bytes than were written", "the file of the run (run the study again: it makes a damaged file anew)");
        }

        return path;
    }
}

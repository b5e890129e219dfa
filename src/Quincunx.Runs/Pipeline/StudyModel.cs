using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Simulation;
using Quincunx.Inference.Training;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;
using Quincunx.Runs.Pipeline.Measuring;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Programs;
using Quincunx.Runs.Store;
using Quincunx.Runs.Studies;

namespace Quincunx.Runs.Pipeline;

/// <summary>What the stages share: the study's objects, made once, and the streams of its random numbers.</summary>
internal sealed class StudyModel
{
    private readonly Rng _root;

    public StudyModel(Study study, TimeProvider clock)
    {
        (Study, Clock, _root) = (study, clock, new Rng(study.Seed));
        Method = InferenceMethod.Of(study.Inference);
        Prior = study.CreatePrior();
        ParameterNames = [.. study.Prior.Select(p => p.Name)];
        Bijection = new SupportBijection(Prior);
        Observation = [.. study.Observation];
        Mined = Method.Mines == MinedParts.Nothing ? null : new MinedColumns(ParameterNames, study.Simulator.OutputNames, Method.Mines == MinedParts.ScoresAndRatios);
        Measurement = new StudyMeasurement(study);
        Network = NetworkOf(study.Inference, Measurement.ContextCount);
    }

    public Study Study { get; }

    public TimeProvider Clock { get; }

    public InferenceMethod Method { get; }

    public IDistribution Prior { get; }

    public SupportBijection Bijection { get; }

    public double[] Observation { get; }

    public NeuralPosteriorOptions Network { get; }

    public int Dimension => Prior.Dimension;

    public int Features => Observation.Length;

    public int Rounds => Study.Inference.Rounds;

    public IReadOnlyList<string> ParameterNames { get; }

    /// <summary>What is stored of an event that is mined; null where none is.</summary>
    public MinedColumns? Mined { get; }

    /// <summary>What lies between a stored simulation and what a network sees of it.</summary>
    public StudyMeasurement Measurement { get; }

    /// <summary>Whether a network sees another draw of the noise each time that it sees a simulation.</summary>
    public bool IsNoiseFresh => Study.Noise is { } noise && (noise.Fresh || Study.Inference.Fresh);

    /// <summary>Names of what is stored of an event behind its parameters.</summary>
    public IReadOnlyList<string> Columns => Mined?.Names ?? Study.Simulator.OutputNames;

    /// <summary>The likelihood of an observation, where it is known.</summary>
    public ILikelihood? Likelihood => Measurement.Likelihood;

    public int Simulations(int round) => IsEarly(round) ? Study.Inference.Early!.Simulations : Study.Inference.Simulations;

    /// <summary>Whether the simulations of a round are read block by block while a network is trained, because they take more memory than the study allows.</summary>
    public bool IsStreamed(int round) => Method.Streams && Study.Inference.Balance == 0 && Measurement.IsNothing && StreamSize.Exceeds(Simulations(round), Campaign.RowBytesOf(Dimension, Features), Study.Inference.Memory);

    /// <summary>Rounds whose simulations the network of a round learns from, in order: all, or, where later rounds restrict the prior, as many of the latest as the memory allows.</summary>
    public IReadOnlyList<int> RoundsLearnedFrom(int round)
    {
        List<int> rounds = [round];
        long rows = Simulations(round);
        for (int earlier = round - 1; earlier >= 1; earlier--)
        {
            rows += Simulations(earlier);
            if (Method.Streams && StreamSize.Exceeds(rows, Campaign.RowBytesOf(Dimension, Features), Study.Inference.Memory))
            {
                break;
            }

            rounds.Insert(0, earlier);
        }

        return rounds;
    }

    /// <summary>The simulations of a round.</summary>
    /// <param name="path">Where a file of the run folder is; asked for the region or the proposals of a round after the first.</param>
    /// <exception cref="ArtifactException">That file cannot be read.</exception>
    public Campaign CampaignOf(int round, Func<string, string> path)
    {
        var hash = new InputHash();
        hash.Add("campaign", StoreConnection.Format).Add("stream", SimulationStream(round));
        AddEvents(hash);
        hash.Add("outputs", Columns);
        if (round > 1)
        {
            hash.Add(Method.Proposes ? "proposals" : "region", FileFingerprint.Of(path(LawFile(round)!)).Sha256);
        }

        return new Campaign(RunFiles.Round(round), hash.Finish(), ParameterNames, Columns, Simulations(round));
    }

    /// <summary>What makes the stored events of a round: the simulator, or that which mines it.</summary>
    /// <param name="law">Of the round.</param>
    /// <exception cref="ProgramException">The program cannot be used.</exception>
    public ISimulator Events(EventLaw law)
    {
        if (Mined is null)
        {
            return Measurement.Stored(Study.Simulator);
        }

        OtherHypotheses? others = Mined.HasRatios ? new OtherHypotheses(law, Dimension, Study.Inference.Ratio.Reference?.ToArray()) : null;
        return Study.Program is { Simulator: var program }
            ? new MinedProgramEvents(program, ParameterNames, Mined, others)
            : new MinedEvents(Study.Mined ?? throw new NotSupportedException($"The simulator {Study.SimulatorName} is not mined."), Mined, others);
    }

    /// <summary>Stored events without what was mined, and with NaN in their gaps.</summary>
    public SimulationPairs OutputsOf(SimulationPairs pairs) => Mined?.OutputsOf(pairs) ?? Measurement.Outputs(pairs);

    /// <summary>The file that says what a round draws its parameters from; null for the first, which draws from the prior.</summary>
    public string? LawFile(int round) => round == 1 ? null : Method.Proposes ? RunFiles.Proposal(round) : RunFiles.Region(round);

    public TrainingOptions Training(int round)
    {
        TrainingSettings settings = Study.Inference.Training;
        return new TrainingOptions
        {
            BatchSize = settings.Batch,
            LearningRate = settings.LearningRate,
            MaxEpochs = IsEarly(round) ? Study.Inference.Early!.MaxEpochs : settings.MaxEpochs,
            Patience = settings.Patience,
            ValidationFraction = settings.ValidationShare,
            ClipNorm = settings.Clip,
            AverageDecay = settings.Average,
            WeightDecay = settings.WeightDecay,
            WeightDecayRows = settings.WeightDecayRows,
            WarmUpSteps = settings.WarmUp,
            Dropout = settings.Dropout,
            Schedule = Enum.Parse<RateSchedule>(settings.Schedule, ignoreCase: true),
        };
    }

    /// <summary>The network that gives a posterior.</summary>
    /// <param name="levels">Numbers behind the outputs that tell the noise of an observation.</param>
    public static NeuralPosteriorOptions NetworkOf(InferenceSettings inference, int levels = 0)
    {
        FlowSettings flow = inference.Flow;
        return new NeuralPosteriorOptions
        {
            Flow = new FlowOptions
            {
                Kind = Enum.Parse<FlowKind>(flow.Kind.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                Transforms = flow.Transforms,
                Hidden = flow.Hidden[0],
                Blocks = flow.Hidden.Count,
                Bins = flow.Bins,
                Steps = flow.Steps,
            },
            Embedding = inference.Embedding?.Create(),
            ContextFeatures = (inference.Embedding?.Context ?? 0) + levels,
            Missing = inference.Gaps is null ? MissingValues.Refused : MissingValues.Embedded,
        };
    }

    /// <summary>The stream of a stage.</summary>
    public Rng Stream(string stage) => _root.Split(stage);

    /// <summary>Name of the stream that the events of a round are drawn from.</summary>
    public static string SimulationStream(int round) => $"simulate-{round}";

    /// <summary>What the simulations of a round depend on, but for its region.</summary>
    public void AddSimulationInputs(InputHash hash, int round)
    {
        AddEvents(hash);
        hash.Add("simulations", Simulations(round));
    }

    // What an event is a function of, besides its round and its number.
    private void AddEvents(InputHash hash)
    {
        hash.Add("simulator", Study.SimulatorName);
        hash.Add("options", Study.SimulatorOptions.All.Select(o => $"{o.Name}={o.Value}"));
        Study.Program?.AddTo(hash);
        Study.Recorded?.AddTo(hash);
        foreach (StudyInput file in Study.SimulatorFiles)
        {
            hash.Add("simulator file", file.Name).Add("content", file.Fingerprint.Sha256);
        }

        if (Measurement.Gaps is not null)
        {
            hash.Add("gaps", "stored");
        }

        AddPrior(hash);
        Method.AddLaw(this, hash);
        hash.Add("seed", Study.Seed);
    }

    public void AddPrior(InputHash hash)
    {
        foreach (ParameterPrior prior in Study.Prior)
        {
            hash.Add("parameter", prior.Name);
            hash.Add("kind", prior.Kind);
            hash.Add("keys", prior.Arguments.Select(a => a.Key));
            hash.Add("values", prior.Arguments.Select(a => a.Value));
        }

        if (Study.Correlation is { } correlation)
        {
            hash.Add("correlated", correlation.Parameters).Add("correlation", correlation.Matrix);
        }
    }

    public void AddNetwork(InputHash hash)
    {
        Method.AddNetwork(this, hash);
        Measurement.Noise?.AddTo(hash);
    }

    /// <summary>The network that summarises observations, where there is one.</summary>
    public void AddEmbedding(InputHash hash)
    {
        if (Study.Inference.Embedding is { } embedding)
        {
            embedding.AddTo(hash);
        }
        else
        {
            hash.Add("embedding", Array.Empty<int>()).Add("outputs", 1);
        }
    }

    public void AddTraining(InputHash hash, int round)
    {
        TrainingOptions options = Training(round);
        hash.Add("batch", options.BatchSize).Add("rate", options.LearningRate).Add("epochs", options.MaxEpochs).Add("patience", options.Patience);
        hash.Add("average", options.AverageDecay).Add("validation", options.ValidationFraction).Add("clip", options.ClipNorm).Add("schedule", options.Schedule.ToString());
        if (options.WeightDecayRows is { } rows)
        {
            hash.Add("decay-rows", rows);
        }

        if (options.Dropout > 0)
        {
            hash.Add("dropout", options.Dropout);
        }

        if (options.WeightDecay > 0 || options.WarmUpSteps > 0)
        {
            hash.Add("decay", options.WeightDecay).Add("warm-up", options.WarmUpSteps);         // where there are any, so that runs of before are found again
        }
    }

    private bool IsEarly(int round) => round < Rounds && Study.Inference.Early is not null;
}

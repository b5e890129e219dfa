using Quincunx.Inference.Ensembles;
using Quincunx.Inference.Training;
using Quincunx.Runs.Pipeline.Methods;
using Quincunx.Runs.Pipeline.Mining;
using Quincunx.Runs.Studies.Rules;

namespace Quincunx.Runs.Studies;

/// <summary>The keys of <c>inference</c>: the checks between them, and the settings that they make.</summary>
internal sealed class InferenceReader(ProblemList problems)
{
    private const int DiffusionSteps = 500;

    /// <summary>Reports keys that do not go together.</summary>
    /// <param name="method">In place of the map's.</param>
    public void Check(StudyMap inference, string? method = null)
    {
        CheckFlow(inference.Map("flow"));
        CheckMethod(inference, method ?? inference.Text("method"));
        new EmbeddingReader(problems).Check(inference.Map("embedding"));
        new EquivarianceReader(problems).Check(inference, method ?? inference.Text("method"));
    }

    private static string[] OwnKeys(string method) => method switch
    {
        "npe" or "apt" => ["flow", "embedding"],
        "fmpe" or "npse" => ["score", "embedding"],
        "mdn" => ["mixture", "embedding"],
        "bnn-npe" => ["bayesian"],
        "nle" => ["likelihood", "sampler"],
        "scandal" => ["likelihood", "gold", "sampler"],
        "rolr" or "alice" => ["ratio", "embedding", "sampler"],
        "cascal" or "rascal" or "alices" => ["ratio", "embedding", "gold", "sampler"],
        "abc" or "smc-abc" => ["abc"],
        _ => ["ratio", "embedding", "sampler"],
    };

    // Keys of one method in a study of another would be without effect.
    private void CheckMethod(StudyMap inference, string method)
    {
        string[] own = OwnKeys(method);
        foreach (string key in (ReadOnlySpan<string>)["flow", "embedding", "likelihood", "ratio", "gold", "score", "mixture", "bayesian", "sampler", "abc"])
        {
            Refuse(inference, key, !own.Contains(key, StringComparer.Ordinal), $"Its own are {string.Join(", ", own)}.");
        }

        CheckAbc(inference, method);
        Refuse(inference, "training", method == "bnn-npe", "Weights are sampled, as bayesian says.");
        Refuse(inference.Map("training"), "dropout", method is "abc" or "smc-abc", "A summary has no residual blocks.");
        Refuse(inference.Map("training"), "dropout", method is "npe" or "apt" && inference.Map("flow").Text("kind") == "continuous", "A continuous flow has no residual blocks.");
        Refuse(inference, "balance", method != "npe", method is "nre-a" or "nre-c" ? "Ratios have ratio.balance." : "Balance belongs to npe and to ratios.");
        Refuse(inference, "balance", method == "npe" && inference.Integer("rounds") > 1, "The condition holds under the whole prior, in one round.");
        Refuse(inference, "ensemble", method != "npe", "Its members are flows of npe.");
        CheckTogether(inference, method);
        Refuse(inference, "gaps", method != "npe", "Only networks of npe see which numbers are missing.");
        Refuse(inference, "balance", inference.Find("gaps") is not null, "With gaps there is no balance.");
        StudyMap gaps = inference.Map("gaps");
        Refuse(gaps, "share", gaps.Text("pattern") != GapSettings.Random, "Shares are of the pattern random.");
        Refuse(inference, "ensemble", inference.Find("gaps") is not null, "With gaps there is one network.");
        StudyMap ratio = inference.Map("ratio");
        bool isMined = InferenceMethod.Names.Contains(method, StringComparer.Ordinal) && InferenceMethod.Of(method).Mines == MinedParts.ScoresAndRatios;
        Refuse(ratio, "contrasts", method is "nre-a" or "tmnre" || isMined, "Each pair is contrasted with one other.");
        Refuse(ratio, "odds", method != "nre-c", "Odds belong to nre-c.");
        Refuse(ratio, "balance", method == "nre-b", "What it learns is no ratio that could be balanced.");
        Refuse(ratio, "balance", method == "tmnre", "Several classifiers are learned together.");
        Refuse(inference, "truncation", method == "tmnre", "An interval keeps what has a ratio above a millionth of the largest.");
        Refuse(ratio, "balance", method == "carl", "The condition is for contrasts of a pair with others under the prior.");
        Refuse(ratio, "balance", isMined, "The condition is for contrasts with the evidence.");
        Refuse(ratio, "reference", method != "carl" && !isMined, "The others compare with the evidence.");
        StudyMap score = inference.Map("score");
        Refuse(score, "path", method == "npse" ? score.Text("path") == "optimal-transport" : score.Text("path") is "sub-variance-preserving" or "variance-exploding", "That path is not of this method.");
        if (score.Find("sampler") is { } sampler && score.Text("sampler") != ScoreSettings.Samplers[0] && (method == "fmpe" && score.Text("path") != "variance-preserving"))
        {
            problems.Add(sampler, $"'{score.Text("sampler")}'", $"{ScoreSettings.Samplers[0]}, since straight lines have no diffusion");
        }

        foreach (string network in (ReadOnlySpan<string>)["likelihood", "ratio", "score", "mixture"])
        {
            new MethodChecks(problems).OneWidth(inference.Map(network));
        }

        void Refuse(StudyMap map, string key, bool misplaced, string why)
        {
            if (misplaced && map.Find(key) is { } found)
            {
                problems.Add(found, key, $"no such key for {method}", why);
            }
        }
    }

    // Each is another way to train npe.
    private void CheckTogether(StudyMap inference, string method)
    {
        if (inference.Find("fresh") is { Content: true } fresh)
        {
            foreach ((bool misplaced, string where, string why) in (ReadOnlySpan<(bool, string, string)>)
            [
                (method != "npe", $"for {method}", "The others learn from stored simulations."),
                (inference.Integer("rounds") > 1, "in several rounds", "Later rounds learn from what earlier ones simulated."),
                (inference.Find("ensemble") is not null, "beside ensemble", "Its networks share their simulations."),
                (inference.Number("balance") > 0, "beside balance", "That condition is trained on stored simulations."),
                (inference.Find("gaps") is not null, "beside gaps", "Patterns are laid over stored simulations."),
            ])
            {
                if (misplaced)
                {
                    problems.Add(fresh, "fresh", $"no such key {where}", why);
                }
            }
        }

        if (inference.Find("ensemble") is { } ensemble && inference.Number("balance") > 0)
        {
            problems.Add(ensemble, "ensemble", "no such key beside balance", "Members are trained without that condition; an ensemble is wider than its members where they do not agree.");
        }
    }

    private void CheckAbc(StudyMap inference, string method)
    {
        StudyMap abc = inference.Map("abc");
        if (abc.Find("tolerance") is { } tolerance && abc.Find("quantile") is not null)
        {
            problems.Add(tolerance, "tolerance", "no such key beside quantile", "Either says what is accepted.");
        }

        if (method is "abc" or "smc-abc" && inference.Find("training") is { } training && abc.Map("summary").Find("hidden") is null)
        {
            problems.Add(training, "training", $"no such key for {method}", "Only a summary with hidden layers (abc.summary.hidden) is trained.");
        }
    }

    private void CheckFlow(StudyMap flow)
    {
        string kind = flow.Text("kind");
        Refuse("transforms", kind == "continuous", "A continuous flow is one transform; its accuracy has steps.");
        Refuse("bins", !kind.StartsWith("spline", StringComparison.Ordinal), "Bins belong to the spline kinds.");
        Refuse("steps", kind != "continuous", "Steps belong to the continuous kind.");

        new MethodChecks(problems).OneWidth(flow);

        void Refuse(string key, bool misplaced, string why)
        {
            if (misplaced && flow.Find(key) is { } found)
            {
                problems.Add(found, key, $"no such key for {kind}", why);
            }
        }
    }

    /// <param name="own">What the mapping names in assemblies.</param>
    /// <param name="method">In place of the map's, for a file that serves several.</param>
    /// <param name="recording">Tells how many simulations there are where the study does not; null where they are made.</param>
    /// <param name="budget">Simulations, in place of the map's.</param>
    public static InferenceSettings Read(StudyMap map, OwnTypes own, StudyRecording? recording, string? method = null, int? budget = null)
    {
        method ??= map.Text("method");
        int simulations = budget ?? (recording is not null && map.Find("simulations") is null ? recording.Count - recording.HeldOut : map.Integer("simulations"));
        EnsembleSettings? ensemble = map.Find("ensemble") is { Map: var members } ? new EnsembleSettings(members.Integer("members"), members.Boolean("bootstrapped"), members.Boolean("batched")) : null;
        StudyMap flow = map.Map("flow"), likelihood = map.Map("likelihood"), score = map.Map("score"), mixture = map.Map("mixture");
        return new InferenceSettings(
            method,
            simulations,
            map.Integer("rounds"),
            map.Number("truncation"),
            map.Find("early") is { Map: var early } ? new EarlySettings(early.Integer("simulations"), early.Integer("max-epochs")) : null,
            new FlowSettings(flow.Text("kind"), flow.Integer("transforms"), flow.Integers("hidden"), flow.Integer("bins"), flow.Integer("steps")),
            map.Find("embedding") is { Map: var embedding } ? EmbeddingReader.Read(embedding, own.Embedding) : null,
            ReadTraining(map.Map("training"), ensemble is not null ? EnsembleEstimation.DefaultTraining(simulations) : map.Boolean("fresh") ? FreshMethod.TrainingOf(simulations) : InferenceMethod.Of(method).Training),
            new LikelihoodSettings(
                likelihood.Integer("affine"), likelihood.Integer("splines"), likelihood.Integers("hidden"), likelihood.Integer("bins"),
                likelihood.Find("discrete") is { } discrete ? [.. discrete.Items.Select(name => (string)name.Content)] : null, likelihood.Find("levels") is null ? null : likelihood.Integer("levels")),
            new RatioSettings(map.Map("ratio").Integers("hidden"), map.Map("ratio").Integer("contrasts"), map.Map("ratio").Number("odds"), map.Map("ratio").Number("balance"), map.Map("ratio").Find("reference") is null ? null : map.Map("ratio").Numbers("reference")),
            new ScoreSettings(
                score.Integers("hidden"), score.Find("path") is null ? null : score.Text("path"), score.Text("sampler"),
                score.Find("steps") is null && score.Text("sampler") != ScoreSettings.Samplers[0] ? DiffusionSteps : score.Integer("steps"),
                score.Text("trace") == ScoreSettings.Traces[0] ? null : score.Text("trace")),
            new MixtureSettings(mixture.Integer("components"), mixture.Integers("hidden")),
            new SamplerSettings(map.Map("sampler").Text("kind"), map.Map("sampler").Integer("chains")),
            SizeRule.Bytes(map.Text("memory")),
            map.Find("abc") is { Map: var abc } ? ReadAbc(abc) : null,
            map.Find("bayesian") is { Map: var bayesian } ? ReadBayesian(bayesian) : null,
            map.Number("balance"),
            ensemble,
            map.Boolean("fresh"),
            map.Find("gold") is { Map: var gold } ? new GoldSettings(gold.Number("score-weight")) : null,
            map.Find("gaps") is { Map: var gaps } ? new GapSettings(gaps.Text("pattern"), gaps.Number("share")) : null,
            map.Find("equivariance") is { Map: var equivariance } ? EquivarianceReader.Read(equivariance, own.Group) : null);
    }

    private static BayesianSettings ReadBayesian(StudyMap bayesian) => new(
        bayesian.Integer("hidden"), bayesian.Integer("chains"), bayesian.Integer("warm-up"), bayesian.Integer("draws"), bayesian.Integer("thinning"), bayesian.Number("acceptance"),
        bayesian.Find("gradients") is null ? null : bayesian.Long("gradients"));

    private static AbcSettings ReadAbc(StudyMap abc) => new(
        abc.Find("quantile") is null ? null : abc.Number("quantile"),
        abc.Find("tolerance") is null ? null : abc.Number("tolerance"),
        abc.Text("metric"),
        abc.Text("regression"),
        abc.Find("summary") is { Map: var summary } ? new AbcSummarySettings(summary.Integer("powers"), summary.Find("hidden") is null ? [] : summary.Integers("hidden")) : null);

    // Each method has training that suits it.
    private static TrainingSettings ReadTraining(StudyMap map, TrainingOptions usual)
    {
        double Number(string key, double absent) => map.Find(key) is null ? absent : map.Number(key);
        int Integer(string key, int absent) => map.Find(key) is null ? absent : map.Integer(key);
        return new TrainingSettings(
            Integer("batch", usual.BatchSize), Number("learning-rate", usual.LearningRate), map.Find("schedule") is null ? usual.Schedule.ToString().ToLowerInvariant() : map.Text("schedule"),
            Integer("max-epochs", usual.MaxEpochs), Integer("patience", usual.Patience), Number("validation-share", usual.ValidationFraction), Number("average", usual.AverageDecay),
            Number("clip", usual.ClipNorm), Number("weight-decay", usual.WeightDecay), Integer("warm-up", usual.WarmUpSteps), map.Find("weight-decay") is null ? usual.WeightDecayRows : null, Number("dropout", usual.Dropout));
    }
}

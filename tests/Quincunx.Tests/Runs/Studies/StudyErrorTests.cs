using Quincunx.Runs.Studies;

namespace Quincunx.Tests.Runs.Studies;

/// <summary>The exact messages for bad studies. Each case replaces one part of a good file; <c>S</c> stands for the study's path, <c>D</c> for its folder.</summary>
public sealed class StudyErrorTests
{
    private const string Good = """
        format: 1
        simulator: decay
        prior:
          rate: { normal: { mean: 1, sd: 0.5, lower: 0 } }
          start: { log-normal: { mu: 0, sigma: 1 } }
        observation: { values: [1, 2, 3, 4] }
        """;

    private const string Rate = "{ normal: { mean: 1, sd: 0.5, lower: 0 } }", Values = "{ values: [1, 2, 3, 4] }";

    public static TheoryData<string, string, string> Replacements => new()
    {
        // Keys
        { "simulator: decay", "simulater: decay", "S:1:1: found no key 'simulator', expected simulator: the name of a simulator, or a mapping with name and options, with command, with assembly and type, or with recorded.\n"
            + "S:2:1: simulater: found the unknown key 'simulater', expected one of format, title, simulator, prior, correlation, noise, observation, seed, inference, importance, marginals, diagnostics, posterior, execution. Did you mean 'simulator'?" },
        { "sd: 0.5", "sdd: 0.5", "S:4:19: prior.rate.normal: found no key 'sd', expected sd: a positive number.\n"
            + "S:4:30: prior.rate.normal.sdd: found the unknown key 'sdd', expected one of mean, sd, lower, upper. Did you mean 'sd'?" },
        { "simulator: decay", "simulator: decay\nsimulator: dice", "S:3:1: simulator: found 'simulator' again (first on line 2), expected each key once." },
        { "format: 1", "format: 2\nfuture: true", "S:1:9: format: found format 2, expected format 1. The file is for a newer version of Quincunx." },
        { "format: 1", "format: one", "S:1:9: format: found 'one', expected 1." },
        { "format: 1", "format: 1\ninference: { training: { learning_rate: 0.1 } }", "S:2:26: inference.training.learning_rate: found the unknown key 'learning_rate', "
            + "expected one of batch, learning-rate, schedule, max-epochs, patience, validation-share, average, clip, weight-decay, warm-up, dropout. Did you mean 'learning-rate'?" },
        { "format: 1", "format: 1\ninference: { flow: { hidden: [50, 40] } }", "S:2:30: inference.flow.hidden: found widths 50, 40, "
            + "expected one width for all, since each entry is a residual block of the same network." },
        { "format: 1", "format: 1\ninference: { early: { simulations: 100, max-epochs: 2 } }", "S:2:21: inference.early: found early, "
            + "expected no such key with one round. There is no round before the last." },
        { "format: 1", "format: 1\n[a]: 1", "S:2:1: found a list as a key, expected a word." },

        // Types and ranges
        { "sd: 0.5", "sd: -0.5", "S:4:34: prior.rate.normal.sd: found -0.5, expected a positive number." },
        { "sd: 0.5", "sd: wide", "S:4:34: prior.rate.normal.sd: found 'wide', expected a positive number." },
        { "sd: 0.5", "sd: \"0.5\"", "S:4:34: prior.rate.normal.sd: found the quoted text \"0.5\", expected a positive number. Remove the quotes." },
        { "sd: 0.5", "sd: .nan", "S:4:34: prior.rate.normal.sd: found '.nan', which is not finite, expected a positive number." },
        { "sd: 0.5", "sd: .inf", "S:4:34: prior.rate.normal.sd: found '.inf', which is not finite, expected a positive number." },
        { "sd: 0.5", "sd: 1e999", "S:4:34: prior.rate.normal.sd: found '1e999', which is beyond the largest double, expected a positive number." },
        { "sd: 0.5", "sd: 1_000", "S:4:34: prior.rate.normal.sd: found '1_000', expected a positive number. Write the digits without separators." },
        { "sd: 0.5", "sd: yes", "S:4:34: prior.rate.normal.sd: found 'yes', expected a positive number." },
        { "sd: 0.5", "sd:", "S:4:33: prior.rate.normal.sd: found nothing, expected a positive number." },
        { "sd: 0.5", "sd: [1]", "S:4:34: prior.rate.normal.sd: found a list, expected a positive number." },
        { "format: 1", "format: 1\ninference: { simulations: 0 }", "S:2:27: inference.simulations: found 0, expected a whole number from 10 to 1000000000." },
        { "format: 1", "format: 1\ninference: { rounds: 1.5 }", "S:2:22: inference.rounds: found 1.5, expected a whole number from 1 to 20." },
        { "format: 1", "format: 1\nseed: -1", "S:2:7: seed: found -1, expected a whole number from 0 to 9007199254740991." },
        { "format: 1", "format: 1\ndiagnostics: { coverage: yes }", "S:2:26: diagnostics.coverage: found 'yes', expected true or false." },
        { "format: 1", "format: 1\ninference: { flow: { kind: spline-autoregresive } }", "S:2:28: inference.flow.kind: found 'spline-autoregresive', expected one of "
            + "spline-autoregressive, affine-autoregressive, spline-coupling, affine-coupling, continuous. Did you mean 'spline-autoregressive'?" },
        { "format: 1", "format: 1\ninference: { flow: { hidden: [] } }", "S:2:30: inference.flow.hidden: found an empty list, expected a list of layer widths, such as [50, 50]." },
        { "format: 1", "format: 1\ninference: { flow: { hidden: [50, 0] } }", "S:2:35: inference.flow.hidden[1]: found 0, expected a whole number from 1 to 65536." },
        { "format: 1", "format: 1\ninference: fast", "S:2:12: inference: found 'fast', expected a mapping." },
        { "format: 1", "format: 1\ninference: { flow: { kind: continuous, transforms: 8 } }",
            "S:2:52: inference.flow.transforms: found transforms, expected no such key for continuous. A continuous flow is one transform; its accuracy has steps." },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, filters: [4] } }",
            "S:2:48: inference.embedding.filters: found filters, expected no such key for mlp. Its own are hidden." },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, context: 1 } }",
            "S:2:48: inference.embedding.context: found context, expected no such key for mlp. Its own are hidden." },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, kind: deep-set, pooling: none } }",
            "S:2:64: inference.embedding.pooling: found 'none', expected one of mean, sum, max, attention for deep-set." },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, kind: recurent } }",
            "S:2:45: inference.embedding.kind: found 'recurent', expected one of mlp, convolution, deep-set, set-transformer, transformer, recurrent. Did you mean 'recurrent'?" },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, kind: convolution, grid: [2, 3] } }",
            "S:2:25: inference.embedding: found settings that do not fit the 4 outputs of decay, expected those that do. Expected an observation of 1 x 2 x 3 = 6 numbers (channels, and up to three axes of the grid), got 4." },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, kind: deep-set, features: 2, context: 1 } }",
            "S:2:25: inference.embedding: found settings that do not fit the 4 outputs of decay, 1 of them context, expected those that do. Expected an observation of whole elements of 2 numbers each, got 3 numbers." },
        { "format: 1", "format: 1\ninference: { embedding: { outputs: 2, kind: deep-set, context: 4 } }",
            "S:2:64: inference.embedding.context: found 4, expected fewer than the 4 outputs of decay." },
        { "format: 1", "format: 1\ninference: { flow: { steps: 8 } }",
            "S:2:29: inference.flow.steps: found steps, expected no such key for spline-autoregressive. Steps belong to the continuous kind." },
        { "format: 1", "format: 1\ninference: { flow: { kind: affine-coupling, bins: 8 } }",
            "S:2:51: inference.flow.bins: found bins, expected no such key for affine-coupling. Bins belong to the spline kinds." },
        { "format: 1", "format: 1\ninference: { simulations: 10, training: { validation-share: 0.01 } }",
            "S:2:61: inference.training.validation-share: found a validation share of 0.1 simulations, expected at least one simulation." },

        { "format: 1", "format: 1\ninference: { method: nre-b, ratio: { balance: 1 } }",
            "S:2:47: inference.ratio.balance: found balance, expected no such key for nre-b. What it learns is no ratio that could be balanced." },
        { "format: 1", "format: 1\ninference: { method: nre-a, flow: { bins: 8 } }", "S:2:35: inference.flow: found flow, expected no such key for nre-a. Its own are ratio, embedding, sampler." },
        { "format: 1", "format: 1\ninference: { sampler: { chains: 100 } }", "S:2:23: inference.sampler: found sampler, expected no such key for npe. Its own are flow, embedding." },
        { "format: 1", "format: 1\ninference: { method: mdn, balance: 1 }", "S:2:36: inference.balance: found balance, expected no such key for mdn. Balance belongs to npe and to ratios." },
        { "format: 1", "format: 1\ninference: { rounds: 2, balance: 1 }", "S:2:34: inference.balance: found balance, expected no such key for npe. The condition holds under the whole prior, in one round." },
        { "format: 1", "format: 1\ninference: { method: fmpe, score: { trace: hutchinson } }", "S:2:44: inference.score.trace: found 'hutchinson', expected one of exact, rademacher, gaussian." },
        { "format: 1", "format: 1\ninference: { method: npse, abc: { quantile: 0.1 } }", "S:2:33: inference.abc: found abc, expected no such key for npse. Its own are score, embedding." },
        { "format: 1", "format: 1\ninference: { method: abc, abc: { quantile: 0.1, tolerance: 1 } }",
            "S:2:60: inference.abc.tolerance: found tolerance, expected no such key beside quantile. Either says what is accepted." },
        { "format: 1", "format: 1\ninference: { method: abc, abc: { quantile: 0 } }", "S:2:44: inference.abc.quantile: found 0, expected a number greater than 0 and at most 1." },
        { "format: 1", "format: 1\ninference: { method: smc-abc, training: { batch: 10 } }",
            "S:2:41: inference.training: found training, expected no such key for smc-abc. Only a summary with hidden layers (abc.summary.hidden) is trained." },

        // Prior
        { "format: 1", "format: 1\ncorrelation: { parameters: [rate, stat], matrix: [[1, 0.5], [0.5, 1]] }",
            "S:2:28: correlation.parameters: found 'stat', which has no prior, expected some of rate, start. Did you mean 'start'?" },
        { "format: 1", "format: 1\ncorrelation: { parameters: [rate, start], matrix: [[1, 0.5]] }", "S:2:51: correlation.matrix: found a list of 1, expected a list of rows, such as [[1, 0.5], [0.5, 1]]." },
        { "format: 1", "format: 1\ncorrelation: { parameters: [rate, start], matrix: [[1, 0.5], [0.5]] }",
            "S:2:51: correlation.matrix: found 2 rows of 2, 1 numbers, expected 2 rows of 2, one for each of the parameters." },
        { "format: 1", "format: 1\ncorrelation: { parameters: [rate, start], matrix: [[1, 1], [1, 1]] }",
            "S:2:51: correlation.matrix: found numbers that are no correlation (Expected a positive definite covariance; its pivot at row 1 is 0. (Parameter 'covariance')), "
            + "expected a symmetric, positive definite matrix with ones on the diagonal." },
        { Rate, "{ uniform: { lower: 1, upper: 1 } }",
            "S:4:39: prior.rate.uniform.upper: found lower 1 and upper 1, expected upper to be greater than lower. A prior of zero width leaves nothing to infer." },
        { Rate, "{ uniform: { lower: 2, upper: 1 } }", "S:4:39: prior.rate.uniform.upper: found lower 2 and upper 1, expected upper to be greater than lower." },
        { Rate, "{ uniform: { lower: -1e308, upper: 1e308 } }",
            "S:4:44: prior.rate.uniform.upper: found an interval wider than the largest double, expected a width that is a finite number." },
        { Rate, "{ normal: { mean: 0, sd: 1, lower: 1e101 } }", "S:4:19: prior.rate.normal: found numbers that are no distribution "
            + "(Expected bounds within 1e100 deviations of the mean 0, got [1E+101, Infinity]), expected numbers that go together." },
        { Rate, "{ norml: { mean: 0, sd: 1 } }", "S:4:9: prior.rate: found none of its kinds, expected exactly one of uniform, normal, log-normal, half-normal, beta, gamma, exponential, student-t.\n"
            + "S:4:11: prior.rate.norml: found the unknown key 'norml', expected one of uniform, normal, log-normal, half-normal, beta, gamma, exponential, student-t. Did you mean 'normal'?" },
        { Rate, "{ exponential: { rate: 1 }, half-normal: { sd: 1 } }", "S:4:9: prior.rate: found half-normal and exponential, expected exactly one of uniform, normal, log-normal, "
            + "half-normal, beta, gamma, exponential, student-t." },
        { "  start: {", "  strat: {", "S:4:3: prior: found no prior for start, expected one for each parameter of decay.\n"
            + "S:5:3: prior.strat: found 'strat', which is no parameter of decay, expected one of rate, start. Did you mean 'start'?" },

        // Simulator
        { "simulator: decay", "simulator: decya", "S:2:12: simulator: found 'decya', expected one of decay, dice. Did you mean 'decay'?" },
        { "simulator: decay", "simulator: { name: decay, options: { step: 4 } }",
            "S:2:38: simulator.options.step: found the unknown key 'step', expected one of steps, interval, noisy, scale. Did you mean 'steps'?" },
        { "simulator: decay", "simulator: { name: decay, options: { steps: 0 } }", "S:2:45: simulator.options.steps: found 0, expected a whole number from 1 to 100." },
        { "simulator: decay", "simulator: { name: decay, options: { steps: 13 } }",
            "S:2:36: simulator.options: found options that decay refuses (13 steps bring bad luck), expected options that go together." },
        { "simulator: decay", "simulator: { name: dice, options: { a: 1 } }", "S:2:35: simulator.options: found options, expected none. The simulator dice has no options." },
        { "simulator: decay", "simulator: [decay]", "S:2:12: simulator: found a list, expected the name of a simulator, or a mapping with name and options, with command, with assembly and type, or with recorded." },

        // Observation
        { Values, "{ values: [1, 2, 3] }", "S:6:24: observation.values: found 3 numbers, expected 4, the outputs of decay: x1, x2, x3, x4." },
        { Values, "{ values: [1, 2, .nan, 4] }", "S:6:31: observation.values[2]: found '.nan', which is not finite, expected a number. Numbers that are missing need the key inference.gaps." },
        { Values, "{ values: [1, 2, 3, 4], file: good.csv }", "S:6:14: observation: found file and values, expected exactly one of file, values." },
        { Values, "{ values: [1, 2, 3, 4], columns: [a] }", "S:6:47: observation.columns: found columns, expected no such key beside values. Columns are of a file." },
        { Values, "{}", "S:6:14: observation: found none of its kinds, expected exactly one of file, values." },
        { Values, "{ file: none.csv }", "S:6:22: observation.file: found Dnone.csv: no such file, expected a readable file." },
        { Values, "{ file: ragged.csv }", "S:6:22: observation.file: found Dragged.csv: line 3: 1 cells, expected 2, as in the header." },
        { Values, "{ file: bad.csv, columns: [a, b] }", "Dbad.csv:2:3: found 'NaN', expected a finite number. Numbers that are missing need the key inference.gaps, or leave the row out.\n"
            + "Dbad.csv:3:1: found an empty cell, expected a finite number. Numbers that are missing need the key inference.gaps, or leave the row out.\n"
            + "Dbad.csv:3:2: found '1;5', expected a finite number." },
        { Values, "{ file: good.csv, columns: [a, c] }", "S:6:45: observation.columns[1]: found 'c', which is no column of Dgood.csv, expected one of a, b." },
        { Values, "{ file: good.csv, columns: [a] }",
            "S:6:41: observation.columns: found 2 numbers (1 columns of 2 rows), expected 4, the outputs of decay: x1, x2, x3, x4." },
        { Values, "{ file: good.csv }", "S:6:22: observation.file: found 2 rows in Dgood.csv, expected one row with a column for each output of the simulator. "
            + "Or name the columns to be put one after the other with 'columns: [...]'." },
        { Values, "{ file: row.csv }", "Drow.csv:1:1: found 4 columns, none of them named x4, expected the 4 outputs of decay: x1, x2, x3, x4." },
        { Values, "{ file: header.csv }", "Dheader.csv: found a header without rows, expected at least one row of numbers." },
        { Values, "{ file: twice.csv, columns: [a] }", "S:6:42: observation.columns: found 1 numbers (1 columns of 1 rows), expected 4, the outputs of decay: x1, x2, x3, x4.\n"
            + "Dtwice.csv:1:3: found a second column 'a', expected different names." },

        // Where simulations are made
        { Values, Values + "\nexecution: { engine: slurn }", "S:7:22: execution.engine: found 'slurn', expected one of threads, local, slurm, script. Did you mean 'slurm'?" },
        { Values, Values + "\nexecution: { time: 2h, options: [qos=long] }",
            "S:7:20: execution.time: found '2h', expected a time limit as Slurm writes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or days-hours:minutes:seconds.\n"
            + "S:7:34: execution.options[0]: found 'qos=long', expected an option of sbatch, such as --qos=long." },

        // YAML itself
        { "simulator: decay", "simulator: *decay", "S:2:12: simulator: found the alias '*decay', expected the value written out." },
        { "simulator: decay", "simulator: &d decay", "S:2:12: simulator: found the anchor '&d', expected a plain value." },
        { "simulator: decay", "simulator: !!str decay", "S:2:12: simulator: found the tag 'tag:yaml.org,2002:str', expected a plain value." },
        { Values, Values + "\n---\nmore: 1", "S:7:1: found a second document, expected one document in a file." },
    };

    [Theory, MemberData(nameof(Replacements))]
    public void Load_OnePartWrong_GivesExactlyThisMessage(string part, string by, string expected)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        Assert.Equal(expected, Message(Good.Replace(part, by, StringComparison.Ordinal)));
    }

    [Fact]
    public void Load_ParameterNamedAsTheWeights_IsRefused() => Assert.StartsWith(
        "S:4:3: prior.weight: found a parameter named 'weight', expected another name: posterior.csv has a column of weights by that one.\n",
        Message(Good.Replace("rate: { normal", "weight: { normal", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    [Fact]
    public void Load_GoodFile_Passes()
    {
        using var folder = new ScratchFolder();
        Assert.Equal("decay", Study.Load(folder.Write("study.yaml", Good), new ToyCatalog()).SimulatorName);
    }

    [Theory]
    [InlineData("", "S:1:1: found an empty file, expected a study.")]
    [InlineData("# only a comment\n", "S:1:1: found an empty file, expected a study.")]
    [InlineData("---\n...\n", "S:1:1: found an empty file, expected a study.")]
    [InlineData("just text", "S:1:1: found 'just text', expected a study: a mapping of keys.")]
    [InlineData("- a\n- b\n", "S:1:1: found a list, expected a study: a mapping of keys.")]
    public void Load_NoStudy_GivesExactlyThisMessage(string text, string expected) => Assert.Equal(expected, Message(text));

    [Fact]
    public void Load_SyntaxError_NamesThePlace() =>
        Assert.Matches(@"^S:2:11: found text that is not YAML \(it goes wrong after this place\), expected valid YAML\.$", Message("format: 1\nprior: { a: 1\nseed: 1\n"));

    [Fact]
    public void Load_TabIndentation_SaysSo() =>
        Assert.Matches(@"^S:\d+:\d+: found text that is not YAML .* Line 2 is indented with a tab; YAML allows only spaces there\.$", Message("prior:\n\trate: 1\n"));

    [Fact]
    public void Load_DeepNesting_IsRefusedWithoutOverflow() =>
        Assert.Contains("more than 24 levels of nesting", Message("a: " + new string('[', 100_000)), StringComparison.Ordinal);

    [Fact]
    public void Load_HugeFile_IsRefusedUnread() =>
        Assert.Equal("S: found a file of 1048577 bytes, expected a study of at most 1048576 bytes.", Message(new string('#', (1 << 20) + 1)));

    [Fact]
    public void Load_OtherEncodings_AreNamed()
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["a.yaml"], [0xFF, 0xFE, (byte)'a', 0]);
        Assert.Equal($"{folder["a.yaml"]}:1:1: found a file in UTF-16, expected UTF-8. Save it again as UTF-8.", Assert.Throws<StudyException>(() => Study.Load(folder["a.yaml"], new ToyCatalog())).Message);
        File.WriteAllBytes(folder["a.yaml"], [(byte)'a', (byte)'\n', (byte)'b', 0xE9, (byte)'\n']);
        Assert.Equal($"{folder["a.yaml"]}:2:2: found bytes that are not UTF-8, expected a text file in UTF-8.", Assert.Throws<StudyException>(() => Study.Load(folder["a.yaml"], new ToyCatalog())).Message);
    }

    [Fact]
    public void Load_MissingFiles_SayWhatWasLookedFor()
    {
        using var folder = new ScratchFolder();
        Assert.Equal($"{folder["study.yaml"]}: found no such file, expected a study.yaml in that folder.", Assert.Throws<StudyException>(() => Study.Load(folder.Path, new ToyCatalog())).Message);
        Assert.Equal($"{folder["no"]}: found no such file, expected a study file, or a folder with a study.yaml.", Assert.Throws<StudyException>(() => Study.Load(folder["no"], new ToyCatalog())).Message);
    }

    [Fact]
    public void Load_ManyProblems_ReportsAllSortedByPlace()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("study.yaml", "format: 1\nsimulator: dice\nprior: { bais: { uniform: { lower: 0, upper: 0 } } }\nobservation: { values: [1] }\nseed: x\nimportance: {}\nposteror: {}\n");
        var e = Assert.Throws<StudyException>(() => Study.Load(path, new ToyCatalog()));
        Assert.Equal(
            ["", "posterior draws", "prior.bais", "prior.bais.uniform.upper", "observation.values", "seed", "importance", "posteror"],
            new[] { "", "posterior draws" }.Concat(e.Problems.Where(p => p.KeyPath != "prior").Select(p => p.KeyPath)));
        Assert.Equal(e.Problems.OrderBy(p => p.Line).ThenBy(p => p.Column), e.Problems);
        Assert.All(e.Problems, p => Assert.True(p.Line > 0 && p.Column > 0));
        Assert.Contains("The simulator dice has none.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RandomlyDamagedFiles_NeverThrowAnythingElse()
    {
        using var folder = new ScratchFolder();
        var rng = new Quincunx.Numerics.Random.Rng(5);
        const string Alphabet = "{}[]:,-#&*!|>'\"%@`?\t\n 0.eanx\u00e9\ufeff\0";
        for (int trial = 0; trial < 400; trial++)
        {
            var text = new System.Text.StringBuilder(Good);
            for (int k = (int)(rng.NextUInt64() % 4); k >= 0; k--)
            {
                int at = (int)(rng.NextUInt64() % (ulong)text.Length);
                char c = Alphabet[(int)(rng.NextUInt64() % (ulong)Alphabet.Length)];
                _ = (rng.NextUInt64() % 3) switch { 0 => text.Insert(at, c), 1 => text.Remove(at, 1), _ => text.Remove(at, text.Length - at).Append(c) };
                text = text.Length == 0 ? text.Append('x') : text;
            }

            string path = folder.Write("study.yaml", text.ToString());
            try
            {
                Study.Load(path, new ToyCatalog());
            }
            catch (StudyException e)
            {
                Assert.NotEmpty(e.Problems);
            }
        }
    }

    private static string Message(string text)
    {
        using var folder = new ScratchFolder();
        folder.Write("good.csv", "a,b\n1,2\n3,4\n");
        folder.Write("bad.csv", "a,b\n1,NaN\n,1;5\n");
        folder.Write("ragged.csv", "a,b\n1,2\n3\n");
        folder.Write("row.csv", "x1,x2,x3,x5\n1,2,3,4\n");
        folder.Write("header.csv", "a,b\n");
        folder.Write("twice.csv", "a,a\n1,2\n");
        string path = folder.Write("study.yaml", text);
        string message = Assert.Throws<StudyException>(() => Study.Load(path, new ToyCatalog())).Message;
        return message.Replace(path, "S", StringComparison.Ordinal).Replace(folder.Path + Path.DirectorySeparatorChar, "D", StringComparison.Ordinal);
    }
}

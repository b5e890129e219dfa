using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Execution;

namespace Quincunx.Cli;

/// <summary>The options of <c>simulate</c> that make it one shard.</summary>
internal sealed class ShardOptions
{
    private readonly Option<ShardNumber?> _shard = new("--shard")
    {
        Description = "Make only one of n equal parts, the i-th, as a file: on any machine, in any order, for merge.",
        HelpName = "i/n",
        CustomParser = ReadShard,
    };

    private readonly Option<int> _round = new("--round")
    {
        Description = "With --shard: the round; those after the first need the run's folder.",
        HelpName = "R",
        DefaultValueFactory = _ => 1,
        CustomParser = ReadRound,
    };

    private readonly Option<string?> _to = new("--to") { Description = "With --shard: folder of the file; shards/NAME if absent.", HelpName = "DIR" };
    private readonly Option<bool> _leash = new(LocalEngine.Leash) { Description = "End, and keep what is done, when the standard input ends.", Hidden = true };

    public ShardOptions(Command command)
    {
        foreach (Option option in new Option[] { _shard, _round, _to, _leash })
        {
            command.Add(option);
        }
    }

    /// <returns>Null where no single shard is meant.</returns>
    /// <exception cref="CliException">An option stands there that only belongs to a shard.</exception>
    public ShardRequest? Read(ParseResult parsed, StudySource source, string? run, bool json, bool quiet)
    {
        if (parsed.GetValue(_shard) is { } shard)
        {
            return new ShardRequest(source, shard, parsed.GetValue(_round), run, parsed.GetValue(_to), parsed.GetValue(_leash), json, quiet);
        }

        Option? lone = new Option[] { _round, _to, _leash }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false });
        return lone is null ? null : throw new CliException($"{lone.Name}: found without --shard, expected with it.");
    }

    private static ShardNumber? ReadShard(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ShardNumber.TryParse(text, out ShardNumber shard))
        {
            return shard;
        }

        result.AddError($"--shard: found '{text}', expected i/n with i from 1 to n and n at most {ShardNumber.MostShards}.");
        return null;
    }

    private static int ReadRound(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int round) && round > 0)
        {
            return round;
        }

        result.AddError($"--round: found '{text}', expected a whole number from 1.");
        return 1;
    }
}

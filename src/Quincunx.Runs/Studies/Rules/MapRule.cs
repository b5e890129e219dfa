using System.Text.Json.Nodes;
using Quincunx.Runs.Studies.Yaml;

namespace Quincunx.Runs.Studies.Rules;

/// <summary>A mapping with known keys.</summary>
/// <param name="oneOf">Keys of which exactly one must be there; empty for no such demand.</param>
internal sealed class MapRule(string expected, IReadOnlyList<KeyRule> keys, params IReadOnlyList<string> oneOf) : Rule
{
    public override string Expected => expected;

    public IReadOnlyList<KeyRule> Keys => keys;

    public IReadOnlyList<string> OneOf => oneOf;

    public override StudyValue? Read(YamlItem item, string path, ProblemList problems)
    {
        if (item is not YamlMap map)
        {
            return Refuse(item, path, problems);
        }

        var values = new Dictionary<string, StudyValue>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (YamlEntry entry in map.Entries)
        {
            string name = entry.Key.Text;
            string keyPath = YamlTree.Join(path, name);
            if (keys.FirstOrDefault(k => k.Name == name) is not { } key)
            {
                problems.Add(entry.Key.Line, entry.Key.Column, keyPath, $"the unknown key '{name}'", Words(keys), Nearest.Hint(name, keys.Select(k => k.Name)));
            }
            else if (key.Rule.Read(entry.Value, keyPath, problems) is { } value)
            {
                values.Add(name, value);
                order.Add(name);
            }
        }

        foreach (KeyRule key in keys)
        {
            if (key.Required && !map.Entries.Any(e => e.Key.Text == key.Name))
            {
                problems.Add(map.Line, map.Column, path, $"no key '{key.Name}'", $"{key.Name}: {key.Rule.Expected}");
            }
        }

        string[] chosen = [.. oneOf.Where(name => map.Entries.Any(e => e.Key.Text == name))];
        if (oneOf.Count > 0 && chosen.Length != 1)
        {
            string found = chosen.Length == 0 ? "none of its kinds" : string.Join(" and ", chosen);
            problems.Add(map.Line, map.Column, path, found, $"exactly one of {string.Join(", ", oneOf)}");
        }

        return new StudyValue(new StudyMap(keys, values, order), map.Line, map.Column, path);
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (KeyRule key in keys)
        {
            JsonObject schema = key.Rule.Schema();
            schema["description"] = key.Description;
            if (key.Default is not null)
            {
                schema["default"] = key.Default switch
                {
                    int[] list => new JsonArray([.. list.Select(i => JsonValue.Create(i))]),
                    double number => JsonValue.Create(number),
                    int number => JsonValue.Create(number),
                    bool flag => JsonValue.Create(flag),
                    _ => JsonValue.Create(key.Default.ToString()),
                };
            }

            properties[key.Name] = schema;
        }

        var map = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (keys.Any(k => k.Required))
        {
            map["required"] = new JsonArray([.. keys.Where(k => k.Required).Select(k => JsonValue.Create(k.Name))]);
        }

        if (oneOf.Count > 0)
        {
            map["oneOf"] = new JsonArray([.. oneOf.Select(name => new JsonObject { ["required"] = new JsonArray(JsonValue.Create(name)) })]);
        }

        return map;
    }

    private static string Words(IReadOnlyList<KeyRule> keys) => keys.Count == 1 ? keys[0].Name : $"one of {string.Join(", ", keys.Select(k => k.Name))}";
}

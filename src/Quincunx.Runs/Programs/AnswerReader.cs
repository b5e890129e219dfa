using System.Globalization;
using System.Text.Json;
using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Programs;

/// <summary>Takes a program's answer apart.</summary>
internal static class AnswerReader
{
    private const string Unexplained = "The program gave no outputs and no reason.";

    /// <summary>Fills the first rows of what has no answer yet.</summary>
    /// <param name="batch">The rows without an answer.</param>
    /// <param name="seconds">The time that the program says it spent simulating; 0 if it does not say.</param>
    /// <returns>Rows answered, at least 1.</returns>
    /// <exception cref="FormatException">It breaks the protocol: the message reads "what was found, expected …".</exception>
    public static int Read(ProgramMode mode, ProgramMessage message, long id, ProgramBatch batch, out double seconds)
    {
        if (!message.Line.TryGetProperty("id", out JsonElement answered) || answered.ValueKind != JsonValueKind.Number || !answered.TryGetInt64(out long number) || number != id)
        {
            throw new FormatException($"an answer to request {(answered.ValueKind == JsonValueKind.Undefined ? "without number" : answered.GetRawText())}, expected one to {id}");
        }

        seconds = message.Line.TryGetProperty("seconds", out JsonElement time) && time.ValueKind == JsonValueKind.Number ? time.GetDouble() : 0;
        int rows = mode == ProgramMode.Npy ? ReadArrays(message, batch) : ReadRows(message.Line, batch);
        for (int row = 0; row < rows; row++)
        {
            if (batch.Failures[row] is not null)
            {
                batch.X.Slice(row * batch.Outputs, batch.Outputs).Fill(double.NaN);
            }
        }

        return rows;
    }

    private static int ReadRows(JsonElement line, ProgramBatch batch)
    {
        JsonElement x = Array(line, "x");
        int rows = RequireRows(x.GetArrayLength(), batch.Rows), row = 0;
        foreach (JsonElement answer in x.EnumerateArray())
        {
            switch (answer.ValueKind)
            {
                case JsonValueKind.Array:
                    batch.Failures[row] = null;
                    Numbers(answer, batch.X.Slice(row * batch.Outputs, batch.Outputs), "outputs");
                    break;
                case JsonValueKind.String:
                    batch.Failures[row] = answer.GetString() is { Length: > 0 } reason ? reason : Unexplained;
                    break;
                case JsonValueKind.Null:
                    batch.Failures[row] = Unexplained;
                    break;
                default:
                    throw new FormatException($"{MessageReader.Cut(answer.GetRawText())} for the outputs of a simulation, expected a list of numbers, a text that says why there are none, or null");
            }

            row++;
        }

        ReadMined(line, "score", batch, batch.Score, rows);
        ReadMined(line, "log_ratios", batch, batch.LogRatios, rows);
        return rows;
    }

    private static void ReadMined(JsonElement line, string key, ProgramBatch batch, Span<double> into, int rows)
    {
        if (into.IsEmpty)
        {
            return;
        }

        JsonElement list = Array(line, key);
        int width = into.Length / batch.Rows, row = 0;
        if (list.GetArrayLength() != rows)
        {
            throw new FormatException($"{list.GetArrayLength()} rows of {key}, expected {rows}, as many as of x");
        }

        foreach (JsonElement values in list.EnumerateArray())
        {
            Span<double> at = into.Slice(row * width, width);
            if (batch.Failures[row++] is not null)
            {
                at.Fill(double.NaN);
            }
            else
            {
                Numbers(values, at, key);
            }
        }
    }

    private static int ReadArrays(ProgramMessage message, ProgramBatch batch)
    {
        NpyArray x = message.Find("x") ?? throw new FormatException("an answer without the array x, expected the outputs there");
        if (x.Shape is not [_, var width] || width != batch.Outputs)
        {
            throw new FormatException($"x of shape {NpyArray.Format(x.Shape)}, expected [rows, {batch.Outputs}]");
        }

        int rows = RequireRows(x.Shape[0], batch.Rows);
        Copy(x, batch.X[..(rows * width)], "x");
        batch.Failures[..rows].Clear();
        if (message.Line.TryGetProperty("failed", out JsonElement failed) && failed.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty failure in failed.EnumerateObject())
            {
                if (!int.TryParse(failure.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int row) || row >= rows)
                {
                    throw new FormatException($"a failure of row '{failure.Name}', expected a number below {rows}");
                }

                batch.Failures[row] = failure.Value.ValueKind == JsonValueKind.String && failure.Value.GetString() is { Length: > 0 } reason ? reason : Unexplained;
            }
        }

        CopyMined(message, "score", batch, batch.Score, rows);
        CopyMined(message, "log_ratios", batch, batch.LogRatios, rows);
        return rows;
    }

    private static void CopyMined(ProgramMessage message, string name, ProgramBatch batch, Span<double> into, int rows)
    {
        if (into.IsEmpty)
        {
            return;
        }

        NpyArray array = message.Find(name) ?? throw new FormatException($"an answer without the array {name}, expected what was asked for");
        int width = into.Length / batch.Rows;
        if (array.Shape is not [var found, var across] || found != rows || across != width)
        {
            throw new FormatException($"{name} of shape {NpyArray.Format(array.Shape)}, expected [{rows}, {width}]");
        }

        Copy(array, into[..(rows * width)], name);
    }

    private static void Copy(NpyArray array, Span<double> into, string name)
    {
        if (array.Descriptor == "<f8")
        {
            array.Values<double>().CopyTo(into);
        }
        else if (array.Descriptor == "<f4")
        {
            float[] values = array.Values<float>();
            for (int i = 0; i < values.Length; i++)
            {
                into[i] = values[i];
            }
        }
        else
        {
            throw new FormatException($"{name} of {array.Descriptor}, expected <f8 or <f4");
        }
    }

    private static JsonElement Array(JsonElement line, string key) => line.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Array
        ? value
        : throw new FormatException($"an answer without a list '{key}', expected a row for each simulation there");

    private static int RequireRows(int found, int asked) => found >= 1 && found <= asked
        ? found
        : throw new FormatException($"{found} rows of x, expected {(asked == 1 ? "1" : $"1 to {asked}")}, as were asked for and not answered");

    private static void Numbers(JsonElement list, Span<double> into, string what)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != into.Length)
        {
            throw new FormatException($"{(list.ValueKind == JsonValueKind.Array ? list.GetArrayLength().ToString(CultureInfo.InvariantCulture) : MessageReader.Cut(list.GetRawText()))} {what} for a simulation, expected {into.Length}");
        }

        int i = 0;
        foreach (JsonElement value in list.EnumerateArray())
        {
            into[i++] = value.ValueKind switch
            {
                JsonValueKind.Number => value.GetDouble(),
                JsonValueKind.Null => double.NaN,
                JsonValueKind.String when value.ValueEquals("NaN") => double.NaN,
                JsonValueKind.String when value.ValueEquals("Infinity") => double.PositiveInfinity,
                JsonValueKind.String when value.ValueEquals("-Infinity") => double.NegativeInfinity,
                _ => throw new FormatException($"{MessageReader.Cut(value.GetRawText())} among the {what}, expected numbers"),
            };
        }
    }
}

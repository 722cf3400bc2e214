using System.Text.Json;
using Recommender.Catalogue;

namespace Recommender.Cli.Importing;

/// <summary>One JSON object of a line, its members by type; the first fault is kept as in a <see cref="DelimitedRow"/>.</summary>
internal sealed class GorseRow(Place place, string text, JsonElement root)
{
    public Place Place => place;

    public RejectedLine? Rejection { get; private set; }

    public string Id(string name)
    {
        string id = Text(name);
        if (Rejection is null && Identifier.ProblemWith(id) is { } problem) Reject(name, id, problem);
        return id;
    }

    /// <summary>A string, or the digits of a number; empty where the member is absent or null.</summary>
    public string Text(string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return "";
        if (value.ValueKind == JsonValueKind.String) return value.GetString() ?? "";
        if (value.ValueKind == JsonValueKind.Number) return value.GetRawText();
        Reject(name, value.GetRawText(), "is not a string; quote it");
        return "";
    }

    public bool Flag(string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    public double? Number(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Null where the member is absent or is the year 1, which Go writes for "no time".</summary>
    public DateTimeOffset? Moment(string name, DateTimeOffset latest)
    {
        string stated = Text(name);
        if (stated.Length == 0) return null;
        if (!Moments.TryParse(stated, TimeFormat.Any, out DateTimeOffset moment)) Reject(name, stated, Moments.Advice(TimeFormat.Any));
        else if (moment > latest) Reject(name, stated, "lies in the future; check the time");
        return moment.Year == 1 ? null : moment;
    }

    public IEnumerable<string> List(string name) => root.TryGetProperty(name, out JsonElement value) ? Strings(value) : [];

    /// <summary>Gorse's labels: an object becomes an attribute a member, a list becomes the attribute "labels".</summary>
    public Attributes Labels()
    {
        var attributes = new Attributes();
        if (!root.TryGetProperty("Labels", out JsonElement labels)) return attributes;
        if (labels.ValueKind == JsonValueKind.Array) return attributes.List("labels", Strings(labels));
        if (labels.ValueKind != JsonValueKind.Object) return attributes;
        foreach (JsonProperty label in labels.EnumerateObject())
        {
            switch (label.Value.ValueKind)
            {
                case JsonValueKind.String:
                    attributes.Text(label.Name, label.Value.GetString());
                    break;
                case JsonValueKind.Number:
                    attributes.Number(label.Name, label.Value.GetDouble());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    attributes.Set(label.Name, new AttributeValue.Flag(label.Value.GetBoolean()));
                    break;
                case JsonValueKind.Array:
                    attributes.List(label.Name, Strings(label.Value));
                    break;
            }
        }
        return attributes;
    }

    public void Reject(string name, string value, string problem) =>
        Rejection ??= new RejectedLine(place, name, DelimitedRow.Shown(value.Length > 0 ? value : text), problem);

    // Embeddings and nested objects are lists of something else and are left away.
    private static IEnumerable<string> Strings(JsonElement list) => list.ValueKind != JsonValueKind.Array ? [] : list.EnumerateArray()
        .Where(element => element.ValueKind == JsonValueKind.String).Select(element => element.GetString()!);
}

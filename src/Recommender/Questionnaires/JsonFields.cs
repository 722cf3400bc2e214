using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Recommender.Questionnaires;

/// <summary>
/// Reads one JSON object key by key and collects what is wrong with it, where a serializer would stop at the first fault. A key that is
/// there and was never asked for is one that nobody knows.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly List<Fault> _faults;
    private readonly List<string> _asked = [];
    private bool _forgiven;

    public JsonFields(JsonElement element, string path, List<Fault> faults)
    {
        (Path, _faults) = (path, faults);
        if (element.ValueKind == JsonValueKind.Object) _object = element;
        else Fault("", $"is {Shown(element)}, it must be an object");
    }

    /// <summary>Where the object is; empty for the outermost.</summary>
    public string Path { get; }

    public string PathOf(string key) => Path.Length == 0 || key.Length == 0 ? Path + key : $"{Path}.{key}";

    public void Fault(string key, string problem) =>
        _faults.Add(new Fault(PathOf(key) is { Length: > 0 } path ? path : "definition", problem));

    /// <summary>Whether the key is there, with anything but null.</summary>
    public bool Has(string key) => Find(key) is not null;

    public JsonElement? Find(string key)
    {
        if (!_asked.Contains(key)) _asked.Add(key);
        return _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value : null;
    }

    public string Text(string key, string otherwise = "")
    {
        if (Find(key) is not { } value) return otherwise;
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        Fault(key, $"is {Shown(value)}, it must be a text");
        return otherwise;
    }

    public bool Flag(string key, bool otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault(key, $"is {Shown(value)}, it must be true or false");
        return otherwise;
    }

    public double? Number(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)) return number;
        Fault(key, $"is {Shown(value)}, it must be a number");
        return null;
    }

    public int? Whole(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue)
            return (int)number;
        Fault(key, $"is {Shown(value)}, it must be a whole number");
        return null;
    }

    public DateOnly? Date(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        Fault(key, $"is {Shown(value)}, it must be a date such as \"1984-05-17\"");
        return null;
    }

    /// <summary>One of the words; the first where the key is left out.</summary>
    public string OneOf(string key, params ReadOnlySpan<string> words)
    {
        string word = Text(key, words[0]);
        if (words.Contains(word)) return word;
        Fault(key, $"is \"{word}\"{NearestName.Hint(word, words.ToArray())}{(NearestName.Of(word, words.ToArray()) is null ? ", it must be " : " It must be ")}{string.Join(", ", words.ToArray())}");
        return words[0];
    }

    /// <summary>A text in one language, or an object with the text of each.</summary>
    public LocalText LocalText(string key, string language)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Find(key) is not { } value) return new LocalText(texts.ToImmutable(), language);
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty one in value.EnumerateObject())
            {
                if (one.Value.ValueKind == JsonValueKind.String) texts[one.Name] = one.Value.GetString()!;
                else Fault($"{key}.{one.Name}", $"is {Shown(one.Value)}, it must be a text");
            }
        }
        else
        {
            texts[language] = Text(key);
        }
        return new LocalText(texts.ToImmutable(), language);
    }

    public ImmutableArray<string> Texts(string key)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        int at = 0;
        foreach (JsonElement element in Elements(key))
        {
            if (element.ValueKind == JsonValueKind.String) texts.Add(element.GetString()!);
            else Fault($"{key}[{at}]", $"is {Shown(element)}, it must be a text");
            at++;
        }
        return texts.ToImmutable();
    }

    public ImmutableArray<T> Objects<T>(string key, Func<JsonFields, T?> read) where T : class
    {
        var objects = ImmutableArray.CreateBuilder<T>();
        int at = 0;
        foreach (JsonElement element in Elements(key))
        {
            if (Read($"{key}[{at++}]", element, read) is { } one) objects.Add(one);
        }
        return objects.ToImmutable();
    }

    public T? Object<T>(string key, Func<JsonFields, T?> read) where T : class => Find(key) is { } element ? Read(key, element, read) : null;

    private T? Read<T>(string key, JsonElement element, Func<JsonFields, T?> read) where T : class
    {
        var inner = new JsonFields(element, PathOf(key), _faults);
        T? one = read(inner);
        inner.Close();
        return one;
    }

    /// <summary>Leaves the keys that were not asked for alone, where it cannot be said which are known.</summary>
    public void Forgive() => _forgiven = true;

    /// <summary>Names the keys that were not asked for.</summary>
    public void Close()
    {
        if (_forgiven || _object.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty key in _object.EnumerateObject())
        {
            if (!_asked.Contains(key.Name)) Fault(key.Name, $"is a key that nobody knows{NearestName.Hint(key.Name, _asked)}");
        }
    }

    private JsonElement.ArrayEnumerator Elements(string key)
    {
        if (Find(key) is not { } value) return default;
        if (value.ValueKind == JsonValueKind.Array) return value.EnumerateArray();
        Fault(key, $"is {Shown(value)}, it must be a list");
        return default;
    }

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ when value.GetRawText() is { Length: <= 60 } text => text,
        _ => "a long value",
    };
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Recommender.Models;

/// <summary>Where a model comes from and what it is: <c>model.json</c> of its folder.</summary>
public sealed record ModelCard
{
    /// <summary>Version of the folder's format. A reader refuses those it does not know.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Sorts by time: <c>20261122-041500-ab12cd</c>.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset TrainedAt { get; init; }

    /// <summary>Wall-clock time of the training.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>When the reading of its events began: whoever was erased before is not in it. Null where that is not known.</summary>
    public DateTimeOffset? ReadFrom { get; init; }

    /// <summary>Position of the last event it learned from; 0 for data from files.</summary>
    public required long EventsUpTo { get; init; }

    /// <summary>The moment as of which its events were decayed: that of the newest of them.</summary>
    public DateTimeOffset AsOf { get; init; }

    /// <summary>The same data, recipe, seed and code give the same model.</summary>
    public required ulong Seed { get; init; }

    public required string CodeVersion { get; init; }

    /// <summary>SHA-256 of the interactions and their vocabularies.</summary>
    public required string DataFingerprint { get; init; }

    public required int Customers { get; init; }

    public required int Items { get; init; }

    public required long Interactions { get; init; }

    public required Recipe Recipe { get; init; }

    /// <summary>Values and words of attributes by which new items are placed; 0 where the training knew none.</summary>
    public int Features { get; init; }

    /// <summary>Whether it knows how often and when items are bought again.</summary>
    public bool Repeats { get; init; }

    /// <summary>Where the factors come from that were not trained here: the file and what it was. Null for a model of our own.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// The chance, 0 to 1, that a question is answered when it is put to somebody, by questionnaire and question with a TAB between them;
    /// only of those that were put to anybody.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Responses { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The part of the shop's pairs of person and item that it has not learned, and by which versions are compared; 0 where it has learned all.</summary>
    public double HeldOutShare { get; init; }

    /// <summary>Measured on what was held out, by name: <c>recall@20</c>. Empty where nothing was held out.</summary>
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>SHA-256 of the folder's other files by their names, written with the folder.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>CRC-32C of each 16 MiB of those files: looked at whenever a model is loaded. None in cards of format 3.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<uint>> Pieces { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<uint>>.Empty;

    public const int CurrentFormat = 4;

    // Its items are in another order, and its factors are copied: it serves as well, more slowly.
    private const int OldestFormat = 3;

    public string ToJson() => JsonSerializer.Serialize(this, StrictJson.Options);

    /// <exception cref="InvalidModelException">Not a model card, or one of another format.</exception>
    public static ModelCard Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            // First: what another format calls its keys says nothing to anybody.
            int format = FormatOf(json);
            if (format is < OldestFormat or > CurrentFormat)
                throw new InvalidModelException($"The model card has format {format}; this version reads {OldestFormat} and {CurrentFormat}. Train once more to serve it here.");
            ModelCard card = JsonSerializer.Deserialize<ModelCard>(json.Span, StrictJson.Options)!;
            card.Recipe.Validated();
            return card;
        }
        catch (Exception e) when (e is JsonException or InvalidRecipeException)
        {
            throw new InvalidModelException($"The model card cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The format of a card, also of one that this version does not read.</summary>
    /// <exception cref="InvalidModelException">Not a model card.</exception>
    public static int FormatOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, StrictJson.Reading);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out JsonElement format)
                && format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out int number) ? number
                : throw new InvalidModelException("The model card cannot be read: it has no 'format', a whole number.");
        }
        catch (JsonException e)
        {
            throw new InvalidModelException($"The model card cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A model that cannot be used: corrupt, foreign or of another version. The message says what, where and which value.</summary>
public sealed class InvalidModelException : Exception
{
    public InvalidModelException(string message) : base(message) { }

    public InvalidModelException(string message, Exception cause) : base(message, cause) { }
}

using System.Globalization;
using Recommender.Models;

namespace Recommender.MlNet;

/// <summary>
/// The keys of the rows or columns of a saved factorization, number 0 to <see cref="Count"/> - 1: texts, or values of another type, which
/// are read as texts and kept as they stood, or the numbers themselves where the data had key columns already (<c>[KeyType]</c>).
/// </summary>
public sealed class KeyVocabulary
{
    private readonly string[]? _texts;
    private readonly Dictionary<string, int>? _numbers;

    private KeyVocabulary(string[]? texts, int count, KeyCodec? codec, ReadOnlyMemory<byte> packed)
    {
        (_texts, Count, Codec, Packed) = (texts, count, codec, packed);
        if (texts is null) return;
        _numbers = new Dictionary<string, int>(texts.Length, StringComparer.Ordinal);
        for (int number = 0; number < texts.Length; number++)
        {
            if (!_numbers.TryAdd(texts[number], number))
                throw new InvalidModelException($"The key '{texts[number]}' is in the vocabulary twice, as number {_numbers[texts[number]]} and {number}.");
        }
    }

    public int Count { get; }

    /// <summary>"Text", the name of the values' type ("UInt32"), or "Index" where there is no vocabulary.</summary>
    public string Kind => Codec?.Name ?? (_texts is null ? "Index" : "Text");

    public bool IsText => Codec is null && _texts is not null;

    /// <summary>Whether the keys are their numbers, as those of a property with <c>[KeyType]</c>.</summary>
    public bool IsIndex => _texts is null;

    /// <summary>A key as text.</summary>
    public string this[int number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)Count, nameof(number));
            return _texts is null ? number.ToString(CultureInfo.InvariantCulture) : _texts[number];
        }
    }

    public bool TryGetNumber(string key, out int number) => _numbers is not null
        ? _numbers.TryGetValue(key, out number)
        : int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Count;

    /// <summary>Null where the keys are texts or indices.</summary>
    internal KeyCodec? Codec { get; }

    /// <summary>The values as they stood in the file; empty where there is no codec.</summary>
    internal ReadOnlyMemory<byte> Packed { get; }

    /// <exception cref="InvalidModelException">A text is empty, which ML.NET takes for a missing value, or comes twice.</exception>
    public static KeyVocabulary OfTexts(string[] texts)
    {
        int empty = Array.FindIndex(texts, string.IsNullOrEmpty);
        if (empty >= 0) throw new InvalidModelException($"Key number {empty} is the empty text, which ML.NET takes for a missing value.");
        return new KeyVocabulary([.. texts], texts.Length, codec: null, packed: default);
    }

    public static KeyVocabulary OfIndices(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new KeyVocabulary(texts: null, count, codec: null, packed: default);
    }

    internal static KeyVocabulary OfValues(KeyCodec codec, ReadOnlyMemory<byte> packed, int count) =>
        new(codec.Texts(packed.Span, count), count, codec, packed);
}

using System.Collections.Immutable;

namespace Recommender.Questionnaires;

/// <summary>One text in the languages the author wrote it in, by language tag ("en", "de-AT").</summary>
/// <param name="Fallback">The questionnaire's own language.</param>
public sealed record LocalText(ImmutableSortedDictionary<string, string> ByLanguage, string Fallback)
{
    public static LocalText Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase), "");

    public bool IsEmpty => ByLanguage.IsEmpty;

    /// <summary>In the language wanted, else in its main language ("de" for "de-AT"), else in the questionnaire's own; empty where there is none of these.</summary>
    public string In(string language)
    {
        for (string tag = language; tag.Length > 0; tag = tag[..Math.Max(tag.LastIndexOf('-'), 0)])
        {
            if (ByLanguage.TryGetValue(tag, out string? text)) return text;
        }
        return ByLanguage.GetValueOrDefault(Fallback, "");
    }

    public bool Equals(LocalText? other) => other is not null && Fallback == other.Fallback && ByLanguage.SequenceEqual(other.ByLanguage);

    public override int GetHashCode() => HashCode.Combine(Fallback, ByLanguage.Count);
}

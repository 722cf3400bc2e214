using System.Text;
using Recommender.Catalogue;
using Recommender.Interactions;

namespace Recommender.Storage;

/// <summary>
/// What a store accepts is what it can give back unchanged. Anything else is refused before it is queued, naming its owner (an event, an item),
/// the owner's id and the field, instead of being stored as something similar.
/// </summary>
internal static class Storable
{
    /// <summary>The id of the <paramref name="index"/>th of several things.</summary>
    public static void RequireId(string? id, string owner, int index)
    {
        if (string.IsNullOrEmpty(id)) throw new ArgumentException($"{owner} number {index + 1} has no id.");
        RequireText(id, owner, id, "id");
    }

    public static void RequireNotEmpty(string? value, string owner, string id, string field)
    {
        if (string.IsNullOrEmpty(value)) throw new ArgumentException($"{owner} {id}: {field} is empty.");
        RequireText(value, owner, id, field);
    }

    public static void RequirePerson(Person person, string owner, string id)
    {
        RequireDefined(person.Kind, owner, id, "kind of the person");
        RequireNotEmpty(person.Id, owner, id, "person");
    }

    public static void RequireNotNull(string? value, string owner, string id, string field)
    {
        if (value is null) throw new ArgumentException($"{owner} {id}: {field} is missing.");
        RequireText(value, owner, id, field);
    }

    public static void RequireDefined<T>(T value, string owner, string id, string field) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new ArgumentException($"{owner} {id}: {field} is {value}, which is no {typeof(T).Name}.");
    }

    /// <summary>Half a surrogate pair is no character and has no UTF-8.</summary>
    public static void RequireText(string? value, string owner, string id, string field)
    {
        if (!IsUnicode(value)) throw new ArgumentException($"{owner} {id}: {field} is not valid Unicode, it holds half a surrogate pair ({value}).");
    }

    public static void RequireNumber(double value, string owner, string id, string field)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"{owner} {id}: {field} is {value}, not a finite number.");
    }

    /// <summary>Every name and text is Unicode, every number finite, every kind one that is known.</summary>
    public static void RequireAttributes(IReadOnlyDictionary<string, AttributeValue> attributes, string owner, string id)
    {
        foreach ((string name, AttributeValue value) in attributes)
        {
            RequireText(name, owner, id, "the name of an attribute");
            switch (value)
            {
                case AttributeValue.Text text:
                    RequireText(text.Value, owner, id, name);
                    break;
                case AttributeValue.Number number:
                    RequireNumber(number.Value, owner, id, name);
                    break;
                case AttributeValue.TextList list:
                    foreach (string text in list.Values.AsSpan()) RequireText(text, owner, id, name);
                    break;
                case AttributeValue.Flag or AttributeValue.Instant:
                    break;
                default:
                    throw new ArgumentException($"{owner} {id}: {name} has kind {value.Kind}, which this store does not know.");
            }
        }
    }

    private static bool IsUnicode(ReadOnlySpan<char> rest)
    {
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (Rune.DecodeFromUtf16(rest[at..], out _, out int length) != System.Buffers.OperationStatus.Done) return false;
            rest = rest[(at + length)..];
        }
        return true;
    }
}

namespace Recommender.Catalogue;

/// <summary>An item whose attribute is of another kind than the rest of the catalogue has it.</summary>
public sealed class SchemaException(string itemId, string attribute, AttributeKind given, AttributeKind known) : Exception(
    $"item '{itemId}': attribute '{attribute}' is {Word(given)} here and {Word(known)} in the other items that have it; "
    + $"send {Word(known)}, or use another name")
{
    public string ItemId => itemId;

    public string Attribute => attribute;

    public AttributeKind Given => given;

    public AttributeKind Known => known;

    private static string Word(AttributeKind kind) => kind switch
    {
        AttributeKind.Text => "text",
        AttributeKind.Number => "a number",
        AttributeKind.Flag => "true or false",
        AttributeKind.Instant => "a time",
        _ => "a list of texts",
    };
}

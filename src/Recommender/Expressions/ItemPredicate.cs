using Recommender.Catalogue;

namespace Recommender.Expressions;

/// <summary>
/// A filter: a condition in the language of README.md, checked once against a schema and then asked of any number of items.
/// </summary>
public sealed class ItemPredicate
{
    private ItemPredicate(string text, Code condition)
    {
        Text = text;
        Condition = condition;
    }

    /// <summary>The filter as it was written.</summary>
    public string Text { get; }

    internal Code Condition { get; }

    /// <exception cref="ExpressionException">The text is no expression, names what the schema has not, or is not a condition.</exception>
    public static ItemPredicate Compile(string text, Schema schema)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(schema);
        Syntax syntax = Parser.Parse(text);
        Code code = new Compiler(schema, "item").Compile(syntax);
        return code.Type.Kind == ValueKind.Bool
            ? new ItemPredicate(text, code)
            : throw new ExpressionException(syntax.Offset, $"a filter is true or false for an item, and this is {code.Type}");
    }

    /// <summary>Whether the filter is true for the item. It is not where what it asks for is missing (README.md).</summary>
    public bool Matches(Item item) => Condition.Run(item).IsTrue;
}

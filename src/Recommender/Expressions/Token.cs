namespace Recommender.Expressions;

internal enum TokenKind { End, Name, QuotedName, Int, Double, Text, Symbol }

/// <summary>One word of an expression.</summary>
/// <param name="Text">The name, the symbol, the digits, or the value of a string literal.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token as an error calls it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => "a string",
        _ => $"'{Text}'",
    };
}
